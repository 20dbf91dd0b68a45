/** Where a page is, and what it holds. */
export interface Page {
  readonly url: URL
  readonly status: number
  readonly headers: Headers
  readonly html: string
}

/** A browser small enough to log in at a provider: cookies, redirects and one form. */
export class SmallBrowser {
  readonly #cookies = new Map<string, Map<string, string>>()

  /** Goes to a page, by whatever redirects there are on the way. */
  async go(target: string | URL, form?: URLSearchParams): Promise<Page> {
    let url = new URL(target)
    let body = form
    for (let step = 0; step < 15; step++) {
      const response = await fetch(url, {
        redirect: 'manual',
        headers: { cookie: this.#cookiesFor(url) },
        ...(body ? { method: 'POST', body } : {}),
      })
      this.#keep(url, response)
      const location = response.headers.get('location')
      const html = await response.text()
      if (location === null) return { url, status: response.status, headers: response.headers, html }
      url = new URL(location, url)
      body = undefined
    }
    throw new Error('the redirects do not end')
  }

  /** Fills in the page's form, with the fields that it brings itself, and sends it. */
  async submit(page: Page, fields: Readonly<Record<string, string>>): Promise<Page> {
    const [form] = /<form[\s\S]*?<\/form>/i.exec(page.html) ?? []
    if (form === undefined) throw new Error(`there is no form at ${page.url.origin}${page.url.pathname}: ${page.html}`)
    const hidden = [...form.matchAll(/<input[^>]*>/gi)].map(([tag]) => [
      attribute(tag, 'name'),
      attribute(tag, 'value'),
    ])
    const action = attribute(/<form[^>]*>/i.exec(form)?.[0] ?? '', 'action')
    const all = { ...Object.fromEntries(hidden.filter(([name]) => name !== '')), ...fields }
    return this.go(action === '' ? page.url : new URL(action, page.url), new URLSearchParams(all))
  }

  #cookiesFor({ host }: URL): string {
    return [...(this.#cookies.get(host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  #keep({ host }: URL, response: Response): void {
    const jar = this.#cookies.get(host) ?? new Map<string, string>()
    this.#cookies.set(host, jar)
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
  }
}

const attribute = (tag: string, name: string): string =>
  unescaped(new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1] ?? '')

/** The text that a page shows. */
export const unescaped = (html: string): string =>
  html
    .replaceAll(/&#x([0-9a-f]+);/gi, (_entity, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
