import { Box, Text } from "ink";
import { type ComponentType, type ReactNode, useEffect, useState } from "react";
import type { QuestionPicture } from "../../domain/settling/decision.js";
import type { Unseen } from "../../ports/preview-decoder.js";
import { shown as printable } from "../../text/lines.js";
import { grouped, size } from "../../text/units.js";
import type { PicturesProps } from "../resolver/contract.js";
import type { Box as Room } from "./fit-box.js";
import { GAP_COLUMNS, picturesLayout, rowsOf } from "./pictures-layout.js";
import type { Preview, Previews } from "./previews.js";

/**
 * What draws a question's pictures side by side, with their names, sizes and holders; one below the other, or words alone, where it is
 * narrow. It stays within its room. To be made once for a sitting.
 */
export const picturesFrom =
  (previews: Previews): ComponentType<PicturesProps> =>
  (props) => <Pictures {...props} previews={previews} />;

const NONE: readonly QuestionPicture[] = [];

function Pictures({
  shown,
  width,
  height,
  next = NONE,
  previews,
}: PicturesProps & { readonly previews: Previews }): ReactNode {
  const layout = picturesLayout(shown.length, { columns: width, rows: height }, previews.mode);
  return (
    <Box
      flexDirection={layout.direction}
      columnGap={GAP_COLUMNS}
      width={width}
      height={Math.min(height, rowsOf(layout, shown.length))}
      overflow="hidden"
    >
      {shown.map((picture) => (
        <Picture
          key={picture.hash}
          {...{ picture, previews, next }}
          columns={layout.columns}
          box={layout.box}
        />
      ))}
    </Box>
  );
}

interface PictureProps {
  readonly picture: QuestionPicture;
  readonly previews: Previews;
  readonly columns: number;
  readonly box: Room | null;
  readonly next: readonly QuestionPicture[];
}

function Picture({ picture, previews, columns, box, next }: PictureProps): ReactNode {
  const preview = usePreview(picture, box, previews, next);
  const mark = preview?.kind === "seen" ? preview.mark : "";
  return (
    <Box flexDirection="column" width={columns} flexShrink={0}>
      {box !== null && <PictureArea preview={preview} box={box} />}
      <Box>
        <Box width={columns - 1}>
          <Text bold wrap="truncate-middle">
            {printable(picture.filename)}
          </Text>
        </Box>
        <Text>{mark}</Text>
      </Box>
      <Text wrap="truncate-end">{measures(picture)}</Text>
      <Text dimColor wrap="truncate-end">
        {printable(picture.holders.join(", "))}
      </Text>
    </Box>
  );
}

function PictureArea({
  preview,
  box,
}: {
  readonly preview: Preview | Unseen | null;
  readonly box: Room;
}): ReactNode {
  if (preview?.kind === "seen") {
    return (
      <Box flexDirection="column" height={box.rows} flexShrink={0}>
        {preview.lines.map((line, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row of a picture is its place
          <Text key={row} wrap="truncate-end">
            {line}
          </Text>
        ))}
      </Box>
    );
  }
  return (
    <Box height={box.rows} flexShrink={0} alignItems="center" justifyContent="center">
      <Text dimColor wrap="wrap">
        {preview === null ? "…" : `No picture here: ${printable(preview.reason)}`}
      </Text>
    </Box>
  );
}

/** `4,032 × 3,024 px · 3.4 MB`. */
function measures({ width, height, bytes }: QuestionPicture): string {
  const pixels =
    width === undefined || height === undefined ? "" : `${grouped(width)} × ${grouped(height)} px · `;
  return `${pixels}${size(bytes)}`;
}

/** The picture's preview: at once where it is made already, else when it is. Null while it is being made, and without a box. */
function usePreview(
  picture: QuestionPicture,
  box: Room | null,
  previews: Previews,
  next: readonly QuestionPicture[],
): Preview | Unseen | null {
  const [, redraw] = useState(0);
  const [columns, rows] = [box?.columns ?? 0, box?.rows ?? 0];
  useEffect(() => {
    if (columns === 0) return;
    let isWanted = true;
    const room = { columns, rows };
    const isReady = previews.ready(picture, room) !== null;
    void previews.load(picture, room).then(async () => {
      if (!isWanted) return;
      if (!isReady) redraw((count) => count + 1);
      await previews.prefetch(next, room);
    });
    return () => {
      isWanted = false;
    };
  }, [picture, columns, rows, previews, next]);
  return box === null ? null : previews.ready(picture, box);
}
