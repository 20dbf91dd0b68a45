import { setTimeout as pause } from 'node:timers/promises'
import type { AwsClient } from '@daypass/core/aws/client.ts'
import { invokeCheckDirectory } from '../check-directory/invoke.ts'

/** How directories are asked: by the function that may reach them. */
export function liveDirectories(account: string, lambda: AwsClient, functionName: string) {
  return { directories: { account, check: invokeCheckDirectory(lambda, functionName), pause } }
}
