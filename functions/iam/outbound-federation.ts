import type {
  EnableOutboundWebIdentityFederationResponse,
  GetOutboundWebIdentityFederationInfoResponse,
} from '@aws-sdk/client-iam'
import { StsError } from '@daypass/core/errors.ts'
import { ownIssuer } from '@daypass/core/issuer/own-issuer.ts'
import { disableOutboundWebIdentityFederationModel } from '@daypass/core/model/iam/disable-outbound-web-identity-federation.ts'
import { enableOutboundWebIdentityFederationModel } from '@daypass/core/model/iam/enable-outbound-web-identity-federation.ts'
import { getOutboundWebIdentityFederationInfoModel } from '@daypass/core/model/iam/get-outbound-web-identity-federation-info.ts'
import { changeAccount, readAccount } from './account-row.ts'
import { type IamCall, iamOperation } from './call.ts'

/** Lets the account's callers get tokens of the deployment's own issuer (GetWebIdentityToken). */
export const enableOutboundWebIdentityFederation = iamOperation<unknown, EnableOutboundWebIdentityFederationResponse>(
  enableOutboundWebIdentityFederationModel,
  async (call) => {
    await call.demand('iam:EnableOutboundWebIdentityFederation', '*')
    await changeAccount(call, (now) => {
      if (now.outboundFederation) {
        throw new StsError('FeatureEnabled', 'Outbound web identity federation is already enabled for this account.')
      }
      return { ...now, outboundFederation: true }
    })
    return { IssuerIdentifier: issuerOf(call) }
  },
)

export const disableOutboundWebIdentityFederation = iamOperation<unknown, void>(
  disableOutboundWebIdentityFederationModel,
  async (call) => {
    await call.demand('iam:DisableOutboundWebIdentityFederation', '*')
    await changeAccount(call, ({ outboundFederation, ...rest }) => {
      if (!outboundFederation) throw notEnabled()
      return rest
    })
  },
)

export const getOutboundWebIdentityFederationInfo = iamOperation<unknown, GetOutboundWebIdentityFederationInfoResponse>(
  getOutboundWebIdentityFederationInfoModel,
  async (call) => {
    await call.demand('iam:GetOutboundWebIdentityFederationInfo', '*')
    if (!(await readAccount(call)).outboundFederation) throw notEnabled()
    return { IssuerIdentifier: issuerOf(call), JwtVendingEnabled: true }
  },
)

function issuerOf({ exchange: { request } }: IamCall): string {
  const issuer = ownIssuer(request)
  if (issuer === undefined) throw new StsError('ValidationError', 'The Host header must name the host that is asked.')
  return issuer
}

const notEnabled = () =>
  new StsError('FeatureDisabled', 'Outbound web identity federation is not enabled for this account.')
