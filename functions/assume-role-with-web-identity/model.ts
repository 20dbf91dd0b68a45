import type { AssumeRoleWithWebIdentityRequest } from '@aws-sdk/client-sts'
import { assumeRoleWithWebIdentityModel as awsModel } from '@daypass/core/model/sts/assume-role-with-web-identity.ts'
import type { OperationModel, StructureShape } from '@daypass/core/model/types.ts'

/** AWS's input and MinIO's access token, with which claims are asked of the UserInfo endpoint. */
export interface WebIdentityInput extends AssumeRoleWithWebIdentityRequest {
  readonly WebIdentityAccessToken?: string
}

const request = awsModel.shapes.AssumeRoleWithWebIdentityRequest as StructureShape

export const assumeRoleWithWebIdentityModel: OperationModel = {
  ...awsModel,
  shapes: {
    ...awsModel.shapes,
    AssumeRoleWithWebIdentityRequest: {
      ...request,
      members: { ...request.members, WebIdentityAccessToken: 'clientTokenType' },
    },
  },
}
