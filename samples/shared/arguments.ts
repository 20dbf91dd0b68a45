import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from './program.ts'

type Options = NonNullable<ParseArgsConfig['options']>

/** Reads `--name value` arguments; an unknown one, a missing value or anything else throws UsageError. */
export function readArguments<Known extends Options>(args: readonly string[], options: Known) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

export function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new UsageError(`--${name} is missing.`)
  return value
}

/** An absolute http or https URL without user information or fragment. */
export function url(name: string, value: string | undefined): URL {
  const text = required(name, value)
  const parsed = URL.canParse(text) ? new URL(text) : undefined
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username !== '' || parsed.hash !== '') {
    throw new UsageError(`--${name} must be an http or https URL, not ${JSON.stringify(text)}.`)
  }
  return parsed
}

export function port(name: string, value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) {
    throw new UsageError(`--${name} must be a port number from 0 to 65535, not ${JSON.stringify(value)}.`)
  }
  return Number(value)
}
