import type { HttpRequest } from './request.ts'

/** What one call of an action has besides its input. */
export interface Exchange {
  readonly request: HttpRequest
  readonly requestId: string
  /** Milliseconds since the epoch, taken before the first read: a revocation never misses a mint in flight. */
  readonly startedAt: number
  /** What the audit event will say of this exchange; actions add who, from which issuer, which role, and why. */
  readonly audit: Record<string, unknown>
}

/** An action: its rules and nothing else. Throws StsError to refuse. */
export type Action<Input, Output> = (input: Input, exchange: Exchange) => Promise<Output>
