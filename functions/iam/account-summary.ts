import type { GetAccountSummaryResponse } from '@aws-sdk/client-iam'
import { getAccountSummaryModel } from '@daypass/core/model/iam/get-account-summary.ts'
import { rootAccessKeyIds } from '@daypass/core/store/entities/account.ts'
import { parseManagedPolicy } from '@daypass/core/store/entities/managed-policy.ts'
import { KIND } from '@daypass/core/store/keys.ts'
import { ACCOUNT_QUOTAS } from './account-quotas.ts'
import { readAccount } from './account-row.ts'
import { type IamCall, iamOperation } from './call.ts'
import { devicePartition } from './mfa-devices.ts'
import { countRows } from './rows.ts'

/** AWS's default quotas (IAM User Guide, "IAM and AWS STS quotas"). */
const QUOTAS = {
  AccessKeysPerUserQuota: 2,
  AssumeRolePolicySizeQuota: 2048,
  AttachedPoliciesPerGroupQuota: 10,
  AttachedPoliciesPerRoleQuota: 10,
  AttachedPoliciesPerUserQuota: 10,
  GroupPolicySizeQuota: 5120,
  GroupsPerUserQuota: 10,
  GroupsQuota: ACCOUNT_QUOTAS.GROUP.most,
  InstanceProfilesQuota: 1000,
  PoliciesQuota: ACCOUNT_QUOTAS.POLICY.most,
  PolicySizeQuota: 6144,
  PolicyVersionsInUseQuota: 10_000,
  RolePolicySizeQuota: 10_240,
  RolesQuota: ACCOUNT_QUOTAS.ROLE.most,
  ServerCertificatesQuota: 20,
  SigningCertificatesPerUserQuota: 2,
  UserPolicySizeQuota: 2048,
  UsersQuota: ACCOUNT_QUOTAS.USER.most,
  VersionsPerPolicyQuota: 5,
} as const

export const getAccountSummary = iamOperation<unknown, GetAccountSummaryResponse>(
  getAccountSummaryModel,
  async (call) => {
    await call.demand('iam:GetAccountSummary', '*')
    const count = (kind: string) => countRows(call.store, `${kind}#${call.account}`)
    const rootKeys = rootAccessKeyIds(await readAccount(call))
    return {
      SummaryMap: {
        ...QUOTAS,
        AccountAccessKeysPresent: rootKeys.length > 0 ? 1 : 0,
        AccountMFAEnabled: 0,
        AccountPasswordPresent: 0,
        AccountSigningCertificatesPresent: 0,
        GlobalEndpointTokenVersion: 2,
        Groups: await count(KIND.group),
        InstanceProfiles: 0,
        MFADevices: await countRows(call.store, devicePartition(call)),
        MFADevicesInUse: await countRows(call.store, devicePartition(call), ({ userName }) => userName !== undefined),
        Policies: await count(KIND.policy),
        PolicyVersionsInUse: await countPolicyVersions(call),
        Providers: (await count(KIND.oidcProvider)) + (await count(KIND.samlProvider)),
        Roles: await count(KIND.role),
        ServerCertificates: 0,
        Users: await count(KIND.user),
      },
    }
  },
)

async function countPolicyVersions({ store, account }: IamCall): Promise<number> {
  let versions = 0
  await countRows(store, `${KIND.policy}#${account}`, (item) => {
    versions += parseManagedPolicy(item).versions.length
    return true
  })
  return versions
}
