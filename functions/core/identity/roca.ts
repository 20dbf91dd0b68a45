/**
 * The fingerprint of RSA keys made by the flawed Infineon library (CVE-2017-15361, "ROCA"): modulo each small prime, such a
 * modulus is a power of 65537. Keys of that kind can be factored. A sound key passes for one with a chance of about 2^-28.
 */
const MARKERS = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157].map((prime) => ({
  prime: BigInt(prime),
  powers: powersOf65537(prime),
}))

export function hasRocaFingerprint(modulus: bigint): boolean {
  return MARKERS.every(({ prime, powers }) => powers.has(Number(modulus % prime)))
}

function powersOf65537(prime: number): ReadonlySet<number> {
  const powers = new Set<number>()
  for (let power = 1; !powers.has(power); power = (power * 65537) % prime) powers.add(power)
  return powers
}
