/** Every key that begins with a text and a space. */
export const startingWith = (text: string) => ({ start: `${text} `, end: `${text}!` });
