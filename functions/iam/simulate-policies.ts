import type {
  ContextEntry,
  SimulateCustomPolicyRequest,
  SimulatePolicyResponse,
  SimulatePrincipalPolicyRequest,
} from '@aws-sdk/client-iam'
import { parseArn } from '@daypass/core/arn.ts'
import { StsError } from '@daypass/core/errors.ts'
import { simulateCustomPolicyModel } from '@daypass/core/model/iam/simulate-custom-policy.ts'
import { simulatePrincipalPolicyModel } from '@daypass/core/model/iam/simulate-principal-policy.ts'
import { type IamCall, iamOperation } from './call.ts'
import { type PageInput, pageOfList } from './pages.ts'
import { prepareSimulation, type SimulatedAccess } from './simulate.ts'
import { callerByArn, callerByEntity, nobody, type SimulatedCaller } from './simulate-caller.ts'
import { allowedEntityByArn } from './simulate-entity.ts'
import { inputPolicies, isExcluded, policiesOf, type SimulatedPolicy } from './simulate-sources.ts'

/** What both simulators take. */
interface SimulationInput extends PageInput {
  readonly ActionNames: string[] | undefined
  readonly ResourceArns?: string[] | undefined
  readonly ResourcePolicy?: string | undefined
  readonly ResourceOwner?: string | undefined
  readonly CallerArn?: string | undefined
  readonly ContextEntries?: ContextEntry[] | undefined
}

export const simulateCustomPolicy = iamOperation<SimulateCustomPolicyRequest, SimulatePolicyResponse>(
  simulateCustomPolicyModel,
  async (call, input) => {
    await call.demand('iam:SimulateCustomPolicy', '*')
    const boundary = inputBoundary(input.PermissionsBoundaryPolicyInputList)
    if (input.ResourcePolicy !== undefined && input.CallerArn === undefined) throw callerNeeded()
    if (input.OrderedOrganizationPolicyInputList !== undefined) throw noOrganizations()
    const policies = { identity: inputPolicies(input.PolicyInputList), ...(boundary ? { boundary } : {}) }
    return simulate(call, input, policies, nobody(call.account))
  },
)

export const simulatePrincipalPolicy = iamOperation<SimulatePrincipalPolicyRequest, SimulatePolicyResponse>(
  simulatePrincipalPolicyModel,
  async (call, input) => {
    const { PolicySourceArn: arn = '', PolicyExclusionList: exclusions = [] } = input
    const entity = await allowedEntityByArn(call, 'iam:SimulatePrincipalPolicy', arn)
    if (input.ResourcePolicy !== undefined && input.CallerArn === undefined && entity.kind !== 'user') {
      throw callerNeeded()
    }
    const own = await policiesOf(call, entity)
    const bound = own.boundary && !isBoundaryExcluded(own.boundary, exclusions) ? own.boundary : undefined
    const boundary = inputBoundary(input.PermissionsBoundaryPolicyInputList) ?? bound
    const kept = own.identity.filter((policy) => !isExcluded(policy, exclusions))
    const policies = {
      identity: [...kept, ...inputPolicies(input.PolicyInputList)],
      ...(boundary ? { boundary } : {}),
    }
    return simulate(call, input, policies, callerByEntity(call.account, entity))
  },
)

function simulate(
  call: IamCall,
  input: SimulationInput,
  policies: { readonly identity: readonly SimulatedPolicy[]; readonly boundary?: SimulatedPolicy },
  subject: SimulatedCaller,
): SimulatePolicyResponse {
  const {
    ActionNames: actions = [],
    ResourceArns: resources = [],
    ResourcePolicy: document,
    CallerArn: callerArn,
  } = input
  const caller = callerArn === undefined ? subject : sameSubject(subject, callerArn)
  const evaluate = prepareSimulation({
    account: call.account,
    ...policies,
    ...(document === undefined ? {} : { resourcePolicy: { id: 'ResourcePolicy', document } }),
    caller,
    contextEntries: input.ContextEntries ?? [],
    resourceOwner: ownerOf(input.ResourceOwner) ?? caller.principal.account,
    named: resources.length > 0,
  })
  const accesses: SimulatedAccess[] = actions.flatMap((action) =>
    (resources.length > 0 ? resources : ['*']).map((resource) => ({ action: checkAction(action), resource })),
  )
  const { entities, ...rest } = pageOfList(accesses, input)
  return { EvaluationResults: entities.map(evaluate), ...rest }
}

/** The subject itself when the ARN is its own: more is known of it than its ARN. */
const sameSubject = (subject: SimulatedCaller, arn: string): SimulatedCaller =>
  subject.principal.arn === arn ? subject : callerByArn(arn)

function inputBoundary(documents: readonly string[] = []): SimulatedPolicy | undefined {
  const [document, ...others] = documents
  if (others.length > 0) throw new StsError('InvalidInput', 'A simulation takes one permissions boundary at most')
  return document === undefined ? undefined : { id: 'PermissionsBoundaryPolicyInputList.1', document }
}

const isBoundaryExcluded = (
  boundary: SimulatedPolicy,
  exclusions: NonNullable<SimulatePrincipalPolicyRequest['PolicyExclusionList']>,
): boolean =>
  exclusions.some(
    ({ PolicyType: type, PolicyArn: arn }) =>
      type === 'permission-boundary' && (arn === undefined || arn === boundary.arn),
  )

/** AWS: "This operation does not support using wildcards (*) in an action name." */
function checkAction(action: string): string {
  if (/^[A-Za-z0-9-]+:[A-Za-z0-9]+$/.test(action)) return action
  throw new StsError('InvalidInput', `Invalid action name ${action}: name it as service:Action, without wildcards.`)
}

function ownerOf(arn: string | undefined): string | undefined {
  if (arn === undefined) return undefined
  const account = parseArn(arn)?.account
  if (account !== undefined) return account
  throw new StsError(
    'InvalidInput',
    `ResourceOwner ${arn} is not the ARN of an account, such as arn:aws:iam::123456789012:root`,
  )
}

const callerNeeded = () =>
  new StsError(
    'InvalidInput',
    'CallerArn is required when a ResourcePolicy is simulated: its Principal must have a value',
  )

const noOrganizations = () =>
  new StsError('InvalidInput', 'There are no organizations here: leave OrderedOrganizationPolicyInputList out')
