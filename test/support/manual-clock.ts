import type { Clock } from '@daypass/core/deps.ts'

/** A clock that stands still until it is told. */
export class ManualClock implements Clock {
  #now: number

  constructor(start: number | string = '2026-01-01T00:00:00Z') {
    this.#now = new Date(start).getTime()
  }

  now(): number {
    return this.#now
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds
  }
}
