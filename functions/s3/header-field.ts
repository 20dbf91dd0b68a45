// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\0-\x08\n-\x1f\x7f]/
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/

/** Whether a request's head could hold this, and an answer's: forms and queries can write what none can. */
export const isHeaderField = (name: string, value: string): boolean => TOKEN.test(name) && !CONTROLS.test(value)
