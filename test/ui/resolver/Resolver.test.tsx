import { cleanup } from "ink-testing-library";
import { afterEach, describe, expect, it } from "vitest";
import { until } from "../until.js";
import { ENTER, ESCAPE, open } from "./open-resolver.js";
import { captionQuestion, identityQuestion, visibilityQuestion } from "./questions.js";

afterEach(cleanup);

describe("the resolver", () => {
  it("tells of pictures where they are and how large", async () => {
    const [first] = identityQuestion(1).pictures;
    if (first === undefined) throw new Error("a question without a picture");
    const pictures = [
      { ...first, holders: ["folder"], width: 4032, height: 3024 },
      { ...first, holders: ["flickr"], width: 1024, height: 768 },
    ];
    const { see } = open([{ ...identityQuestion(1), pictures }], { columns: 120 });
    await see("the folder: 4032 × 3024 | Flickr: 1024 × 768");
  });

  it("goes from the list to a card, takes an answer, and ends when all are answered", async () => {
    const { press, see, stdin, decided, ends } = open([captionQuestion(1), captionQuestion(2)]);
    await see("2 questions open");
    await press(ENTER, "Ocean Beach sunset with friends");
    await press("1", "Answered: Flickr's");
    expect(decided).toMatchObject([
      { answer: { kind: "holder", holder: "flickr" }, decided_at: "2026-01-01T00:00:00Z" },
    ]);
    await press("2", "All 2 questions are answered");
    stdin.write(ENTER);
    await until(() => expect(ends).toEqual(["finished"]));
  });

  it("splits off what was joined to the photo, from a question about its caption", async () => {
    const asked = captionQuestion(1);
    const options = [...asked.options, { answer: { kind: "split" } as const, label: "not one picture" }];
    const { press, decided } = open([{ ...asked, options }, captionQuestion(2)]);
    await press(ENTER, "not one picture");
    await press("d", "not one picture. u takes it back.");
    expect(decided).toMatchObject([{ field: "caption", answer: { kind: "split" } }]);
    await press("d", "No other picture was joined to this one.");
  });

  it("takes answers back, also from the last screen", async () => {
    const questions = [captionQuestion(1)];
    const { press, see, takenBack } = open(questions);
    await see("1 question open");
    await press(ENTER, "IMG_1.jpg");
    await press("2", "The question is answered");
    await press("u", "The answer is taken back");
    expect(takenBack).toEqual([questions[0]?.id]);
  });

  it("says what one answer to all alike would do, and does nothing before the yes", async () => {
    const { press, see, decided } = open([1, 2, 3].map((n) => captionQuestion(n)));
    await see("the same answer would settle 3 of these");
    await press(ENTER, "3 alike");
    await press("a", "Which answer for all 3 alike");
    await press("1", "Settle all 3 questions alike so: Flickr's?");
    expect(decided).toEqual([]);
    await press("n", "IMG_1.jpg");
    expect(decided).toEqual([]);
    await press("a", "Which answer");
    await press("1", "Settle all 3");
    await press("y", "All 3 questions are answered");
    expect(decided).toHaveLength(3);
  });

  it("asks for the level to be typed before more people may see a photo", async () => {
    const { press, see, decided } = open([visibilityQuestion(1)]);
    await see("1 question open");
    await press(ENTER, "public: everyone");
    await press("2", "Type public to agree");
    await press("publi", "publi");
    await press(ENTER, "Nothing was changed");
    expect(decided).toEqual([]);
    await press("2", "Type public to agree");
    await press("public", /public\s+\n/u);
    await press(ENTER, "The question is answered");
    expect(decided).toMatchObject([{ answer: { kind: "level", level: "public" } }]);
  });

  it("keeps what is written by hand, with characters of several code points and pasted lines", async () => {
    const { press, see, decided } = open([captionQuestion(1)]);
    await see("1 question open");
    await press(ENTER, "IMG_1.jpg");
    await press("e", "write the value");
    await press("\u0015", "Nothing at all takes it away");
    await press("Hello 👨‍👩‍👧!", "Hello");
    await press("\u001b[D", "Hello");
    await press("\u007f", /Hello\s/u);
    await press("\u001b[200~שלום\rsecond line\u001b[201~", "second line");
    await press(ENTER, "The question is answered");
    expect(decided).toMatchObject([{ answer: { kind: "value", value: "Hello שלום\nsecond line!" } }]);
  });

  it("takes keys that come faster than they are read one by one, and none beyond the return that ends a text", async () => {
    const { press, see, decided } = open([captionQuestion(1), captionQuestion(2)]);
    await see("2 questions open");
    await press(ENTER, "IMG_1.jpg");
    await press("e", "write the value");
    await press("\u0015My own 🌅\r1", "Answered: your own words");
    expect(decided.map(({ answer }) => answer)).toEqual([{ kind: "value", value: "My own 🌅" }]);
  });

  it("takes pasted text for no keys", async () => {
    const { press, see, stdin, decided } = open([captionQuestion(1), captionQuestion(2)]);
    await see("2 questions open");
    await press(ENTER, "IMG_1.jpg");
    stdin.write("\u001b[200~1 2 1\r\u001b[201~");
    await press("?", "This help");
    expect(decided).toEqual([]);
  });

  it("names the keys that help, as the keymap has them, and goes back", async () => {
    const { press, see } = open([captionQuestion(1)]);
    await see("1 question open");
    await press("?", "Show one kind of question only");
    await press(ESCAPE, "1 question open");
  });

  it("says why a picture could not be opened", async () => {
    const { press, see } = open([captionQuestion(1)], { openInViewer: async () => "No viewer is here." });
    await see("1 question open");
    await press(ENTER, "IMG_1.jpg");
    await press("o", "No viewer is here.");
  });

  it("is interrupted by Ctrl-C, and left by q", async () => {
    const first = open([captionQuestion(1)]);
    await first.see("1 question open");
    first.stdin.write("\u0003");
    await until(() => expect(first.ends).toEqual(["interrupted"]));
    const second = open([captionQuestion(1)]);
    await second.see("1 question open");
    second.stdin.write("q");
    await until(() => expect(second.ends).toEqual(["quit"]));
  });

  it("ends with the error of what could not be written, and takes nothing for answered", async () => {
    const { press, see, stdin, ends, frame } = open([captionQuestion(1)], {
      onDecide: () => {
        throw new Error("disk full");
      },
    });
    await see("1 question open");
    await press(ENTER, "IMG_1.jpg");
    stdin.write("1");
    stdin.write("q");
    await until(() => expect(frame()).not.toContain("is answered"));
    expect(ends).toEqual([]);
  });

  it("lists ten thousand questions, and jumps to the last", async () => {
    const { press, see, frame } = open(Array.from({ length: 10_000 }, (_, n) => captionQuestion(n)));
    await see("10,000 questions open");
    await press("G", "IMG_9999.jpg");
    expect(frame()).toContain("10,000 of 10,000");
  });
});
