/**
 * A user name as it is sent to a directory: what its own preparation of texts would make of it (RFC 4518 sections 2.2 to 2.6:
 * compatibility forms, characters that are not seen and needless spaces are gone), except for the letters' case.
 */
export const preparedUserName = (typed: string): string =>
  typed
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}|[\u06dd\u070f\ufff9-\ufffc]|(?!\s)\p{Cc}/gu, '')
    .replace(/\s+/g, ' ')
    .trim()

/** Letters that Active Directory takes for others, though Unicode does not take them apart. */
const ALIKE: ReadonlyMap<string, string> = new Map(
  Object.entries({ æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ħ: 'h', ŧ: 't' }),
)
const HIRAGANA_BEFORE_KATAKANA = 0x60

/**
 * What all spellings have in common by which some directory finds the same user: neither case nor accents count (Active
 * Directory ignores both, and the kind of Japanese letters). Two users may have it in common too; it is for counting
 * failures, and names nobody.
 */
export const foldedUserName = (typed: string): string =>
  preparedUserName(typed)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toUpperCase()
    .toLowerCase()
    .replace(/[æœøłđðþħŧ]/g, (letter) => ALIKE.get(letter) ?? letter)
    .replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - HIRAGANA_BEFORE_KATAKANA))
