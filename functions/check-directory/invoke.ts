import type { AwsClient } from '@daypass/core/aws/client.ts'
import { invokeFunction } from '@daypass/core/aws/invoke.ts'
import { type CheckDirectory, parseDirectoryAnswer } from '@daypass/core/identity/ldap/question.ts'

/** Asks the function that may reach the directories. The question holds a password: it is sent, and put nowhere else. */
export function invokeCheckDirectory(lambda: AwsClient, functionName: string): CheckDirectory {
  return async (question) => {
    const answer = await invokeFunction(lambda, functionName, question)
    // Its own log has the reason.
    if ('failed' in answer) return { outcome: 'unavailable', reason: 'the check itself failed' }
    return parseDirectoryAnswer(answer.payload)
  }
}
