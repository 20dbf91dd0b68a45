// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const createUserModel: OperationModel = {
  name: 'CreateUser',
  service: 'iam',
  input: 'CreateUserRequest',
  output: 'CreateUserResponse',
  errors: {
    LimitExceeded: 409,
    EntityAlreadyExists: 409,
    NoSuchEntity: 404,
    InvalidInput: 400,
    ConcurrentModification: 409,
    ServiceFailure: 500,
  },
  shapes: {
    AttachedPermissionsBoundary: {
      type: 'structure',
      members: { PermissionsBoundaryType: 'PermissionsBoundaryAttachmentType', PermissionsBoundaryArn: 'arnType' },
      required: [],
    },
    CreateUserRequest: {
      type: 'structure',
      required: ['UserName'],
      members: { Path: 'pathType', UserName: 'userNameType', PermissionsBoundary: 'arnType', Tags: 'tagListType' },
    },
    CreateUserResponse: { type: 'structure', members: { User: 'User' }, required: [] },
    PermissionsBoundaryAttachmentType: { type: 'string', enum: ['PermissionsBoundaryPolicy'] },
    Tag: { type: 'structure', required: ['Key', 'Value'], members: { Key: 'tagKeyType', Value: 'tagValueType' } },
    User: {
      type: 'structure',
      required: ['Path', 'UserName', 'UserId', 'Arn', 'CreateDate'],
      members: {
        Path: 'pathType',
        UserName: 'userNameType',
        UserId: 'idType',
        Arn: 'arnType',
        CreateDate: 'dateType',
        PasswordLastUsed: 'dateType',
        PermissionsBoundary: 'AttachedPermissionsBoundary',
        Tags: 'tagListType',
      },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    dateType: { type: 'timestamp' },
    idType: { type: 'string', max: 128, min: 16, pattern: '[\\w]+' },
    pathType: { type: 'string', max: 512, min: 1, pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)' },
    tagKeyType: { type: 'string', max: 128, min: 1, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' },
    tagListType: { type: 'list', member: 'Tag', max: 50 },
    tagValueType: { type: 'string', max: 256, min: 0, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
