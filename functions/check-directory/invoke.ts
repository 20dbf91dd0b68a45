import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import { type CheckDirectory, parseDirectoryAnswer } from '@daypass/core/identity/ldap/question.ts'

/** Asks the function that may reach the directories. The question holds a password: it is sent, and put nowhere else. */
export function invokeCheckDirectory(client: LambdaClient, functionName: string): CheckDirectory {
  return async (question) => {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(question) }),
    )
    // Its own log has the reason.
    if (FunctionError !== undefined || !Payload) return { outcome: 'unavailable', reason: 'the check itself failed' }
    return parseDirectoryAnswer(JSON.parse(Buffer.from(Payload).toString('utf8')))
  }
}
