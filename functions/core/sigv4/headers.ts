/** The value of a header that was really sent: a name such as `constructor` finds nothing. */
export function headerOf(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined
}
