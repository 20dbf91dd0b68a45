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

  /**
   * Throws when a line of a log holds one of them, as it is or percent-encoded; says nothing of which. Answers how many were
   * looked for.
   */
  assertAbsent(log: string): number {
    const forms = [...this.#kept].flatMap((secret) => [secret, encodeURIComponent(secret)])
    const lines = log
      .split('\n')
      .flatMap((line, index) => (forms.some((form) => line.includes(form)) ? [index + 1] : []))
    assert.deepEqual(lines, [], 'these lines of the log hold secrets')
    return this.#kept.size
  }
}
