import { describe } from 'vitest'
import { hasOpenssl } from '../infra/local/certificates.ts'
import { leaveOut } from '../support/local-host.ts'
import { pythonClients } from '../support/python-clients.ts'
import { awsCliJourneys } from './aws-cli.ts'
import { awsCliIamJourneys } from './aws-cli-iam.ts'
import { boto3Journeys } from './boto3.ts'
import { boto3StsJourneys } from './boto3-sts.ts'
import { cephJourneys } from './ceph.ts'
import { s3cmdJourneys } from './s3cmd.ts'

// One file for all of them, so that no two workers install them at the same time.
const clients = await pythonClients()
const missing = typeof clients === 'string'
const { aws, python, s3cmd } = missing ? { aws: '', python: '', s3cmd: '' } : clients
if (missing) leaveOut('the journeys of the AWS CLI, boto3, the programs of Ceph and s3cmd', clients)
else if (!hasOpenssl()) leaveOut('the journeys of s3cmd', 'openssl 3 is not here to make certificates')

describe.skipIf(missing)('the AWS CLI', () => awsCliJourneys(aws))
describe.skipIf(missing)('an administrator with the AWS CLI', () => awsCliIamJourneys(aws))
describe.skipIf(missing)('boto3', () => boto3Journeys(python))
describe.skipIf(missing)('boto3 with long-term keys', () => boto3StsJourneys(python))
describe.skipIf(missing)("a program of Ceph's documentation", () => cephJourneys(python))
describe.skipIf(missing || !hasOpenssl())('s3cmd', () => s3cmdJourneys(s3cmd))
