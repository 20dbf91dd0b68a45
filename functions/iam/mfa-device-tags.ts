import type {
  ListMFADeviceTagsRequest,
  ListMFADeviceTagsResponse,
  TagMFADeviceRequest,
  UntagMFADeviceRequest,
} from '@aws-sdk/client-iam'
import { listMfaDeviceTagsModel } from '@daypass/core/model/iam/list-mfa-device-tags.ts'
import { tagMfaDeviceModel } from '@daypass/core/model/iam/tag-mfa-device.ts'
import { untagMfaDeviceModel } from '@daypass/core/model/iam/untag-mfa-device.ts'
import type { MfaDevice } from '@daypass/core/store/entities/mfa-device.ts'
import { type IamCall, iamOperation } from './call.ts'
import { changeItem } from './change-item.ts'
import { type ContextKeys, joinKeys } from './context-keys.ts'
import { DEVICE, findDevice, noSuchDevice } from './mfa-devices.ts'
import { pageOfList } from './pages.ts'
import { apiTags, mergeTags, parseTags, requestTagKeys, resourceTagKeys, withoutTags } from './tags.ts'

export const tagMfaDevice = iamOperation<TagMFADeviceRequest, void>(tagMfaDeviceModel, async (call, input) => {
  const tags = parseTags(call, input.Tags)
  const device = await allowedDevice(call, input.SerialNumber, 'iam:TagMFADevice', requestTagKeys(tags))
  await changeItem(call.store, DEVICE, device, (now) => ({ ...now, tags: mergeTags(now.tags ?? [], tags) }))
})

export const untagMfaDevice = iamOperation<UntagMFADeviceRequest, void>(untagMfaDeviceModel, async (call, input) => {
  const keys = input.TagKeys ?? []
  const context = new Map([['aws:TagKeys', keys]])
  const device = await allowedDevice(call, input.SerialNumber, 'iam:UntagMFADevice', context)
  await changeItem(call.store, DEVICE, device, (now) => ({ ...now, tags: withoutTags(now.tags ?? [], keys) }))
})

export const listMfaDeviceTags = iamOperation<ListMFADeviceTagsRequest, ListMFADeviceTagsResponse>(
  listMfaDeviceTagsModel,
  async (call, input) => {
    const { tags = [] } = await allowedDevice(call, input.SerialNumber, 'iam:ListMFADeviceTags')
    const { entities, ...rest } = pageOfList(apiTags(tags), input)
    return { Tags: [...entities], ...rest }
  },
)

async function allowedDevice(
  call: IamCall,
  serialNumber = '',
  action: string,
  context: ContextKeys = new Map(),
): Promise<MfaDevice> {
  const device = await findDevice(call, serialNumber)
  await call.demand(action, serialNumber, joinKeys(resourceTagKeys(device?.tags ?? []), context))
  if (!device) throw noSuchDevice(serialNumber)
  return device
}
