import type { Account, Perms } from "../machine/state.js";

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const page = (title: string, body: string): string =>
  `<!doctype html><html><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1>${body}</body></html>\n`;

/** Asks who is there, and whether the application may. */
export function askingPage(token: string, perms: Perms, accounts: readonly Account[]): string {
  const options = accounts.map(
    ({ nsid, username }) => `<option value="${escaped(nsid)}">${escaped(username)}</option>`,
  );
  const hidden = (name: string, value: string) =>
    `<input type="hidden" name="${name}" value="${escaped(value)}">`;
  return page(
    "Flickr (emulator)",
    `<p>An application wants to link to your account with the right to <b>${perms}</b>.</p>
<form method="post" action="/services/oauth/authorize">${hidden("oauth_token", token)}${hidden("perms", perms)}
<p><label>Account <select name="nsid">${options.join("")}</select></label></p>
<p><button name="decision" value="allow">OK, I'll authorize it</button>
<button name="decision" value="refuse">No thanks</button></p></form>`,
  );
}

/** Shows the nine digits for an application that cannot be called back. */
export const codePage = (code: string): string =>
  page(
    "Success",
    `<p>Type this code into the application:</p><p><span id="code">${escaped(code)}</span></p>`,
  );

export const overPage = (): string => page("Not authorized", "<p>You can close this window.</p>");

export const unknownTokenPage = (): string =>
  page("Oops", "<p>Flickr doesn't recognise the oauth_token that was given.</p>");
