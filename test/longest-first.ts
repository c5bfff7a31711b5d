import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The files that take longest, the longest first: none of them may be begun when all others have ended. */
const LONGEST: readonly string[] = [
  "contract/blob-store-s3",
  "property/services/never-wider",
  "property/fuzz-corpus",
  "unit/stores/failing-disk",
  "unit/control/crash",
  "cli/bad-input",
  "cli/bucket",
  "cli/disturbed-runs",
  "cli/services-sync",
  "cli/live-flickr",
  "cli/decisions",
  "cli/verify-repair",
  "cli/owners-hand",
  "cli/demo-services",
  "cli/hard-life",
];

const rank = ({ moduleId }: TestSpecification): number => {
  const at = LONGEST.findIndex((name) => moduleId.includes(`/test/${name}.test.`));
  return at === -1 ? LONGEST.length : at;
};

/** Keeps every processor at work to the end, on a clean clone too, where no earlier run has told how long each file takes. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
