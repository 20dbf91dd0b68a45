import assert from 'node:assert/strict'

/** What a run has seen that no log may hold. */
export class Secrets {
  readonly #kept = new Set<string>()

  /** Keeps a password, a secret or a token; of a signed token its signature, which makes it worth something. Answers it. */
  keep(secret: string): string {
    const [, , signature] = secret.split('.')
    const telling = secret.split('.').length === 3 && signature ? signature : secret.trim()
    if (telling !== '') this.#kept.add(telling)
    return secret
  }

  /** Throws when a log holds one of them, as it is or percent-encoded; says nothing of which. Answers how many were looked for. */
  assertAbsent(log: string): number {
    const spilt = [...this.#kept].filter((secret) =>
      [secret, encodeURIComponent(secret)].some((form) => log.includes(form)),
    )
    const where = spilt.map((secret) => log.split('\n').findIndex((line) => line.includes(secret)) + 1)
    assert.equal(spilt.length, 0, `secrets stand in lines ${where} of the log`)
    return this.#kept.size
  }
}
