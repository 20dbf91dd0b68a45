/**
 * Orders strings by the bytes of their UTF-8, as DynamoDB orders sort keys and S3 orders object keys. JavaScript's own
 * `<` compares UTF-16 units, which puts U+1F600 before U+FFFD. Both strings must be well formed.
 */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left !== right) return rank(left) - rank(right)
  }
  return a.length - b.length
}

/** Surrogates stand for code points above every other unit, so they move behind U+E000 … U+FFFF. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
