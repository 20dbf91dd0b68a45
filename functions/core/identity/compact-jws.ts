import type { Algorithm } from './algorithms.ts'
import { selectKey, type VerificationKey } from './key-set.ts'
import { invalidToken } from './refusal.ts'
import { verifySignature } from './signature.ts'
import { parseUnverifiedJws, type UnverifiedJws } from './unverified-token.ts'

/** The token's algorithm, when it is one that the provider allows. */
export function allowedAlgorithm(jws: UnverifiedJws, allowed: readonly Algorithm[]): Algorithm {
  const algorithm = allowed.find((name) => name === jws.claimedAlgorithm)
  if (algorithm === undefined) throw invalidToken('its signature algorithm is not allowed for this provider')
  return algorithm
}

/**
 * Proves that one of these keys signed the token and returns the payload that was signed. Says nothing about what the
 * payload claims. Throws InvalidIdentityToken.
 */
export function verifyCompactJws(
  text: string,
  keys: readonly VerificationKey[],
  allowed: readonly Algorithm[],
): Buffer {
  const jws = parseUnverifiedJws(text)
  const algorithm = allowedAlgorithm(jws, allowed)
  const chosen = selectKey(keys, jws.claimedKeyId, algorithm)
  if (!chosen) throw invalidToken('no key of its issuer fits it')
  if (!verifySignature(algorithm, chosen.key, jws.signingInput, jws.signature)) {
    throw invalidToken('its signature does not match')
  }
  return jws.unverifiedPayload
}
