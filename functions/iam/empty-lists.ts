import type {
  ListInstanceProfilesRequest,
  ListInstanceProfilesResponse,
  ListServerCertificatesRequest,
  ListServerCertificatesResponse,
  ListServiceSpecificCredentialsRequest,
  ListServiceSpecificCredentialsResponse,
  ListSigningCertificatesRequest,
  ListSigningCertificatesResponse,
  ListSSHPublicKeysRequest,
  ListSSHPublicKeysResponse,
} from '@aws-sdk/client-iam'
import { listInstanceProfilesModel } from '@daypass/core/model/iam/list-instance-profiles.ts'
import { listServerCertificatesModel } from '@daypass/core/model/iam/list-server-certificates.ts'
import { listServiceSpecificCredentialsModel } from '@daypass/core/model/iam/list-service-specific-credentials.ts'
import { listSigningCertificatesModel } from '@daypass/core/model/iam/list-signing-certificates.ts'
import { listSshPublicKeysModel } from '@daypass/core/model/iam/list-ssh-public-keys.ts'
import { iamOperation } from './call.ts'
import { demandOnUser } from './named-user.ts'

/**
 * What AWS has and Daypass does not: there is none of it. Tools ask for it before they delete a user or a role.
 */
const NONE = { IsTruncated: false } as const

export const listInstanceProfiles = iamOperation<ListInstanceProfilesRequest, ListInstanceProfilesResponse>(
  listInstanceProfilesModel,
  async ({ account, demand }, { PathPrefix: prefix = '/' }) => {
    await demand('iam:ListInstanceProfiles', `arn:aws:iam::${account}:instance-profile${prefix}`)
    return { InstanceProfiles: [], ...NONE }
  },
)

export const listServerCertificates = iamOperation<ListServerCertificatesRequest, ListServerCertificatesResponse>(
  listServerCertificatesModel,
  async ({ account, demand }, { PathPrefix: prefix = '/' }) => {
    await demand('iam:ListServerCertificates', `arn:aws:iam::${account}:server-certificate${prefix}`)
    return { ServerCertificateMetadataList: [], ...NONE }
  },
)

export const listSshPublicKeys = iamOperation<ListSSHPublicKeysRequest, ListSSHPublicKeysResponse>(
  listSshPublicKeysModel,
  async (call, { UserName }) => {
    await demandOnUser(call, UserName, 'iam:ListSSHPublicKeys')
    return { SSHPublicKeys: [], ...NONE }
  },
)

export const listSigningCertificates = iamOperation<ListSigningCertificatesRequest, ListSigningCertificatesResponse>(
  listSigningCertificatesModel,
  async (call, { UserName }) => {
    await demandOnUser(call, UserName, 'iam:ListSigningCertificates')
    return { Certificates: [], ...NONE }
  },
)

export const listServiceSpecificCredentials = iamOperation<
  ListServiceSpecificCredentialsRequest,
  ListServiceSpecificCredentialsResponse
>(listServiceSpecificCredentialsModel, async (call, { UserName }) => {
  await demandOnUser(call, UserName, 'iam:ListServiceSpecificCredentials')
  return { ServiceSpecificCredentials: [], ...NONE }
})
