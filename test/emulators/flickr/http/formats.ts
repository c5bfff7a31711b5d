import type { Answer, Json, JsonObject } from "../machine/answer.js";
import { lastValue } from "./authenticate.js";
import type { Parameters } from "./signature.js";
import { type Reply, textReply } from "./wire.js";

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Plain values become attributes, `_content` the text, objects and lists elements: JSON's mapping the other way round. */
function element(name: string, value: JsonObject): string {
  const attributes: string[] = [];
  const children: string[] = [];
  let text = "";
  for (const [key, each] of Object.entries(value)) {
    if (key === "_content") text = escaped(String(each));
    else if (isObject(each)) children.push(element(key, each));
    else if (Array.isArray(each)) {
      for (const one of each as readonly Json[]) if (isObject(one)) children.push(element(key, one));
    } else if (each !== null) attributes.push(` ${key}="${escaped(String(each))}"`);
  }
  const head = `<${name}${attributes.join("")}`;
  if (children.length === 0 && text === "") return `${head} />`;
  return `${head}>${text}${children.map((child) => `\n${child}`).join("")}${children.length > 0 ? "\n" : ""}</${name}>`;
}

const XML_HEAD = '<?xml version="1.0" encoding="utf-8" ?>\n';

function xmlOf(answer: Answer, failed: JsonObject): string {
  if (answer.stat === "fail") return `<rsp stat="fail">\n\t${element("err", failed)}\n</rsp>\n`;
  const body = Object.entries(answer.body).map(([name, value]) =>
    isObject(value) ? element(name, value) : "",
  );
  return `<rsp stat="ok">\n${body.join("\n")}\n</rsp>\n`;
}

/** An answer as XML, always with status 200. `more` joins what an error says of itself. */
export function xmlReply(answer: Answer, more: JsonObject = {}): Reply {
  const failed = answer.stat === "fail" ? { code: answer.code, msg: answer.message, ...more } : {};
  return textReply(200, "text/xml; charset=utf-8", XML_HEAD + xmlOf(answer, failed));
}

/** An answer in the format that the call asks for; API-level failures have status 200 as well. */
export function formattedReply(answer: Answer, parameters: Parameters): Reply {
  const format = lastValue(parameters, "format") ?? "rest";
  if (format === "rest") return xmlReply(answer);
  if (format !== "json") {
    return xmlReply({ stat: "fail", code: 111, message: `Format "${format}" not found` });
  }
  const document = answer.stat === "ok" ? { ...answer.body, stat: "ok" } : answer;
  const json = JSON.stringify(document);
  if (lastValue(parameters, "nojsoncallback") === "1") {
    return textReply(200, "application/json; charset=utf-8", json);
  }
  const callback = lastValue(parameters, "jsoncallback") ?? "jsonFlickrApi";
  return textReply(200, "text/javascript; charset=utf-8", `${callback}(${json})`);
}
