/** The arguments of a call, as texts. */
export type Args = Readonly<Record<string, string>>;

/** One page of a list. */
export interface Page<T> {
  readonly page: number;
  readonly pages: number;
  readonly perPage: number;
  readonly total: number;
  readonly shown: readonly T[];
}

const MOST_PER_PAGE = 500;

function wholeNumber(text: string | undefined, otherwise: number): number {
  const number = text === undefined || !/^\d{1,9}$/.test(text) ? 0 : Number(text);
  return number >= 1 ? number : otherwise;
}

/** How many a page holds: never more than 500, whatever was asked. */
export const perPageOf = (args: Args, otherwise = 100): number =>
  Math.min(MOST_PER_PAGE, wholeNumber(args["per_page"], otherwise));

/** The page that was asked for; a page past the end is empty. */
export function pageOf<T>(all: readonly T[], args: Args, perPageOtherwise = 100): Page<T> {
  const perPage = perPageOf(args, perPageOtherwise);
  const page = wholeNumber(args["page"], 1);
  const from = (page - 1) * perPage;
  return {
    page,
    pages: Math.ceil(all.length / perPage),
    perPage,
    total: all.length,
    shown: all.slice(from, from + perPage),
  };
}
