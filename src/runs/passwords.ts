/**
 * The text with the password taken out of every address in it, such as `postgres://user:password@host/database`: what
 * is left can be shown, stored, and used again where the password comes from the environment. A password that was not
 * written as an address asks for (with an @, a / or a ? in it) goes, too: everything up to the last @ counts as one.
 */
export const withoutPasswords = (text: string): string => cleaned(text, /([a-z][a-z0-9+.-]*:\/\/)([^\s:@/?#]*):\S*@/gi);

/** The same of a text that is one address, or an argument that holds one: a password may have spaces in it there. */
export const withoutPassword = (address: string): string =>
  cleaned(address, /^((?:--[a-z-]+=)?[a-z][a-z0-9+.-]*:\/\/)([^\s:@/?#]*):.*@/is);

function cleaned(text: string, pattern: RegExp): string {
  if (!text.includes("://")) return text;
  return text
    .replace(pattern, (_, scheme: string, user: string) => (user === "" ? scheme : `${scheme}${user}@`))
    .replace(/([?&](?:ssl)?password=)[^&\s]*/gi, "$1***");
}

/** Whether an argument holds a password. */
export const holdsPassword = (address: string): boolean => withoutPassword(address) !== address;
