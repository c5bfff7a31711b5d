/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** What a method gives back, before it is put into JSON or XML. */
export type Answer =
  | { readonly stat: "ok"; readonly body: JsonObject }
  | { readonly stat: "fail"; readonly code: number; readonly message: string };

export const ok = (body: JsonObject = {}): Answer => ({ stat: "ok", body });
export const fail = (code: number, message: string): Answer => ({ stat: "fail", code, message });

/** A text as Flickr's JSON has it. */
export const content = (text: string): JsonObject => ({ _content: text });
export const bit = (value: boolean): 0 | 1 => (value ? 1 : 0);
