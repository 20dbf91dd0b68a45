/**
 * A changing set of few things, each of which knows the place that it got. Unlike a Set, whose tables are made anew as things
 * come and go: an old table that the collector has not reached yet keeps the next one and what it held, and so requests that
 * were answered long ago.
 */
export class Slots<T> {
  readonly #things: (T | undefined)[] = []
  readonly #free: number[] = []

  /** Answers the place, for `remove`. */
  add(thing: T): number {
    const place = this.#free.pop() ?? this.#things.length
    this.#things[place] = thing
    return place
  }

  remove(place: number): void {
    this.#things[place] = undefined
    this.#free.push(place)
  }

  get size(): number {
    return this.#things.length - this.#free.length
  }

  *[Symbol.iterator](): Generator<T> {
    for (const thing of this.#things) if (thing !== undefined) yield thing
  }
}
