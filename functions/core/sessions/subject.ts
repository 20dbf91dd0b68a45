import type { Session } from '../store/entities/session.ts'

/** The claim that names the subject, whatever its provider calls it; empty for a holder without one. */
export function subjectOf(claims: Session['claims']): string {
  const name = Object.keys(claims).find((key) => /(?:^|:)(?:sub|user|cn)$/.test(key))
  return (name === undefined ? undefined : claims[name]?.[0]) ?? ''
}
