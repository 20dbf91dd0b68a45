/** The export cannot be read; the message names the file or the place in it, and repeats no secret. */
export class MinioImportError extends Error {
  constructor(place: string, message: string, options?: { cause?: unknown }) {
    super(`${place} ${message}.`, options)
    this.name = 'MinioImportError'
  }
}
