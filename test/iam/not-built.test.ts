import { iamOperations } from '@daypass/core/model/iam/names.ts'
import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../../functions/iam/operations.ts'
import { iamDeployment, ROOT } from '../support/iam.ts'

/** Operations of AWS's model that answer NotImplemented. This list only shrinks. */
const NOT_BUILT = `
AcceptDelegationRequest AcquireRole AssociateDelegationRequest CreateDelegationRequest GetDelegationRequest
GetHumanReadableSummary ListDelegationRequests RejectDelegationRequest SendDelegationToken UpdateDelegationRequest
GetRoleTemplateVersion

AddRoleToInstanceProfile CreateInstanceProfile DeleteInstanceProfile GetInstanceProfile ListInstanceProfileTags
RemoveRoleFromInstanceProfile TagInstanceProfile UntagInstanceProfile

ChangePassword CreateLoginProfile UpdateLoginProfile UpdateAccountPasswordPolicy

CreateServiceLinkedRole DeleteServiceLinkedRole GetServiceLinkedRoleDeletionStatus

CreateServiceSpecificCredential DeleteServiceSpecificCredential ResetServiceSpecificCredential
UpdateServiceSpecificCredential DeleteSSHPublicKey GetSSHPublicKey UpdateSSHPublicKey UploadSSHPublicKey
DeleteServerCertificate GetServerCertificate ListServerCertificateTags TagServerCertificate UntagServerCertificate
UpdateServerCertificate UploadServerCertificate DeleteSigningCertificate UpdateSigningCertificate UploadSigningCertificate

DisableOrganizationsRootCredentialsManagement DisableOrganizationsRootSessions
EnableOrganizationsRootCredentialsManagement EnableOrganizationsRootSessions ListOrganizationsFeatures

GenerateCredentialReport GetCredentialReport GenerateOrganizationsAccessReport GetOrganizationsAccessReport
GenerateServiceLastAccessedDetails GetServiceLastAccessedDetails GetServiceLastAccessedDetailsWithEntities
ListPoliciesGrantingServiceAccess

GetAccountProperties PutAccountProperties SetSecurityTokenServicePreferences
`
  .trim()
  .split(/\s+/)

describe('the IAM API', () => {
  it('builds every operation of the model but those that are listed, each once', async () => {
    const { deps } = await iamDeployment()
    const built = OPERATIONS.map((operation) => operation(deps).model.name)
    expect(new Set(built).size).toBe(built.length)
    expect(iamOperations.filter((name) => !built.includes(name)).sort()).toEqual([...NOT_BUILT].sort())
  })

  it('answers by name what is not built', async () => {
    const daypass = await iamDeployment()
    const { status, code } = await daypass.iam(ROOT, 'CreateServiceLinkedRole', { AWSServiceName: 'x' })
    expect([status, code]).toEqual([501, 'NotImplemented'])
  })
})
