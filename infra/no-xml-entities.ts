/**
 * Stands in, in bundles, for the packages by which fast-xml-parser reads the entities and numbers of a document. The one who
 * uses it (core/http/xml-reader.ts) has its own decoder and turns both off, so nothing here is ever called; what were, would
 * refuse the document. They are a seventh of the SAML function's bytes that may be loaded.
 */
const refuse = (): never => {
  throw new TypeError('entities are not read here')
}

/** Of `is-unsafe`. */
export const isUnsafe = refuse
export const HTML = {}
/** Of both. */
export const XML = {}

/** Of `@nodable/entities`. */
export const EntityDecoder = refuse
export const ENTITY_ACTION = {}
export const CURRENCY = {}
export const COMMON_HTML = {}

/** Of `strnum`. */
export default refuse
