// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getServiceLinkedRoleDeletionStatusModel: OperationModel = {
  name: 'GetServiceLinkedRoleDeletionStatus',
  service: 'iam',
  input: 'GetServiceLinkedRoleDeletionStatusRequest',
  output: 'GetServiceLinkedRoleDeletionStatusResponse',
  errors: { NoSuchEntity: 404, InvalidInput: 400, ServiceFailure: 500 },
  shapes: {
    ArnListType: { type: 'list', member: 'arnType' },
    DeletionTaskFailureReasonType: {
      type: 'structure',
      members: { Reason: 'ReasonType', RoleUsageList: 'RoleUsageListType' },
      required: [],
    },
    DeletionTaskIdType: { type: 'string', max: 1000, min: 1 },
    DeletionTaskStatusType: { type: 'string', enum: ['SUCCEEDED', 'IN_PROGRESS', 'FAILED', 'NOT_STARTED'] },
    GetServiceLinkedRoleDeletionStatusRequest: {
      type: 'structure',
      required: ['DeletionTaskId'],
      members: { DeletionTaskId: 'DeletionTaskIdType' },
    },
    GetServiceLinkedRoleDeletionStatusResponse: {
      type: 'structure',
      required: ['Status'],
      members: { Status: 'DeletionTaskStatusType', Reason: 'DeletionTaskFailureReasonType' },
    },
    ReasonType: { type: 'string', max: 1000 },
    RegionNameType: { type: 'string', max: 100, min: 1 },
    RoleUsageListType: { type: 'list', member: 'RoleUsageType' },
    RoleUsageType: { type: 'structure', members: { Region: 'RegionNameType', Resources: 'ArnListType' }, required: [] },
    arnType: { type: 'string', max: 2048, min: 20 },
  },
}
