import { App } from 'aws-cdk-lib'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { addDaypass } from '../infra/daypass.ts'

// The deployment as it is by default, but for leaving nothing behind.
addDaypass(new App(), { retainState: false, logRetention: RetentionDays.ONE_DAY })
