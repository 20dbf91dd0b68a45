declare const DAYPASS_VERSION: string

/** The build puts the package's version in; run from its sources the program has none. */
export const VERSION = typeof DAYPASS_VERSION === 'undefined' ? 'unbuilt' : DAYPASS_VERSION
