/**
 * A user name as it is sent to a directory: what its own preparation of texts would make of it (RFC 4518 sections 2.2 to 2.6:
 * compatibility forms, characters that are not seen and needless spaces are gone), except for the letters' case.
 */
export const preparedUserName = (typed: string): string =>
  typed
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}|(?!\s)\p{Cc}/gu, '')
    .replace(/\s+/g, ' ')
    .trim()

/**
 * What all spellings have in common by which some directory finds the same user: neither case nor accents count (Active
 * Directory ignores both). Two users may have it in common too; it is for counting failures, and names nobody.
 */
export const foldedUserName = (typed: string): string =>
  preparedUserName(typed)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toUpperCase()
    .toLowerCase()
