import { App } from 'aws-cdk-lib'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { addDaypass } from '../../../infra/daypass.ts'
import { BUCKETS, trialDocument } from './trial-document.ts'

const { DAYPASS_TRIAL_ISSUER: issuer, DAYPASS_TRIAL_OBJECT_STORE: endpoint, DAYPASS_TRIAL_CHANGE: change } = process.env
if (!issuer || !endpoint) throw new Error('Set DAYPASS_TRIAL_ISSUER and DAYPASS_TRIAL_OBJECT_STORE')

// The real stacks; only what a trial must have otherwise: an issuer on loopback, and nothing left behind.
addDaypass(new App(), {
  bootstrap: trialDocument(issuer, change),
  allowPrivateAddresses: true,
  retainState: false,
  logRetention: RetentionDays.ONE_DAY,
  objectStore: { endpoint, region: 'us-east-1', buckets: BUCKETS },
})
