import type { BootstrapDocument } from '@daypass/core/bootstrap/document.ts'
import { parseBootstrap } from '@daypass/core/bootstrap/parse.ts'

/** CloudFormation hands a resource's properties to its function in one event, which may have 256 KB with all else in it. */
const LARGEST_DOCUMENT = 200 * 1024

/**
 * The document as one string, since CloudFormation turns the numbers and booleans of structured properties into strings.
 * Throws BootstrapError for a document that deploying would refuse for its form, and when it is too large to reach the function.
 */
export function bootstrapText(document: BootstrapDocument): string {
  const text = JSON.stringify(document)
  if (Buffer.byteLength(text) > LARGEST_DOCUMENT) {
    throw new Error(
      `The bootstrap document is larger than ${LARGEST_DOCUMENT} bytes: create the rest through the IAM API`,
    )
  }
  parseBootstrap(text)
  return text
}
