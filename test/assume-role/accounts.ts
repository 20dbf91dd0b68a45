import type { BootstrapAccount, BootstrapPolicyDocument } from '@daypass/core/bootstrap/document.ts'
import { ACCOUNT } from '../support/deployment.ts'
import type { SigningCredentials } from '../support/sign.ts'

/** Accounts, users and roles for the tests of sessions: who may take which role is told by the names. */
export const OTHER = '111111111111'

const credentials = (accessKeyId: string): SigningCredentials => ({
  accessKeyId,
  secretAccessKey: `${accessKeyId}-secret`,
})
const key = ({ accessKeyId, secretAccessKey }: SigningCredentials) => ({
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
})

export const ROOT = credentials('rootkey')
/** May assume every role by her own policies. */
export const ALICE = credentials('AKIAALICE')
/** Has no policies at all. */
export const BOB = credentials('AKIABOB')
/** Has a group with one managed policy. */
export const CAROL = credentials('AKIACAROL')
/** May assume every role, in another account. */
export const EVE = credentials('AKIAEVE')
export const CEPH = credentials('AKIACEPH')

export const roleArn = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${name}`
export const userArn = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:user/${name}`
export const rootOf = (account = ACCOUNT) => `arn:aws:iam::${account}:root`

export const allow = (Action: string | string[], Resource: string | string[] = '*', more: object = {}) => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action, Resource, ...more },
})
export const deny = (Action: string | string[], Resource: string | string[] = '*', more: object = {}) => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Deny', Action, Resource, ...more },
})
export const trust = (AWS: string | string[], more: object = {}, actions: string[] = []) => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { AWS }, Action: ['sts:AssumeRole', ...actions], ...more },
})
const WITH_TAGS = ['sts:TagSession', 'sts:SetSourceIdentity']
const role = (RoleName: string, AssumeRolePolicyDocument: BootstrapPolicyDocument, more: object = {}) => ({
  RoleName,
  AssumeRolePolicyDocument,
  policies: { any: allow(['sts:AssumeRole', ...WITH_TAGS]) },
  ...more,
})

export const accounts: BootstrapAccount[] = [
  {
    id: ACCOUNT,
    rootAccessKey: key(ROOT),
    users: [
      {
        UserName: 'alice',
        accessKeys: [key(ALICE)],
        policies: { sts: allow('sts:*') },
        Tags: [{ Key: 'team', Value: 'red' }],
      },
      { UserName: 'bob', accessKeys: [key(BOB)] },
      { UserName: 'carol', accessKeys: [key(CAROL)], groups: ['staff'] },
    ],
    groups: [{ GroupName: 'staff', attachedPolicies: [`arn:aws:iam::${ACCOUNT}:policy/staff`] }],
    policies: [
      { PolicyName: 'staff', PolicyDocument: allow(['sts:AssumeRole', 's3:*', 'iam:GetUser', 'iam:ListUsers']) },
      { PolicyName: 'limit', PolicyDocument: allow('s3:Get*') },
    ],
    roles: [
      role('names-account', trust(rootOf())),
      role('names-bob', trust(userArn('bob'))),
      role('names-nobody', trust(userArn('alice', OTHER))),
      role('denies', {
        Version: '2012-10-17',
        Statement: [
          trust(rootOf()).Statement,
          { Effect: 'Deny', Principal: { AWS: userArn('alice') }, Action: 'sts:AssumeRole' },
        ],
      }),
      role('external', trust(rootOf(), { Condition: { StringEquals: { 'sts:ExternalId': 'customer-7' } } })),
      role('mfa', trust(rootOf(), { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })),
      role('tagged', trust(rootOf(), {}, WITH_TAGS)),
      role('tagged-too', trust(rootOf(), {}, WITH_TAGS), { Tags: [{ Key: 'Color', Value: 'of-role' }] }),
      role('names-session', trust(`arn:aws:sts::${ACCOUNT}:assumed-role/names-account/alice-session`), {
        policies: {},
      }),
      role('long', trust(rootOf()), { MaxSessionDuration: 43_200, Path: '/teams/a/' }),
      role('foreign-friend', trust(rootOf(OTHER))),
      role('everyone', trust('*')),
      role('by-tag', trust(rootOf(), { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } } })),
    ],
  },
  {
    id: OTHER,
    rootAccessKey: key(credentials('otherroot')),
    users: [
      { UserName: 'eve', accessKeys: [key(EVE)], policies: { sts: allow('sts:*') } },
      { UserName: 'alice', accessKeys: [key(credentials('AKIAOTHERALICE'))] },
    ],
    roles: [role('far', trust(rootOf())), role('far-tagged', trust(rootOf(), {}, WITH_TAGS))],
  },
  {
    id: '',
    users: [{ UserName: 'tester', accessKeys: [key(CEPH)], policies: { any: allow('*') } }],
    roles: [{ RoleName: 'S3Access', AssumeRolePolicyDocument: trust('arn:aws:iam:::user/tester', {}, WITH_TAGS) }],
  },
]
