import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeSection, readSection, removeFromSection } from '../../../cli/profile/ini.ts'
import { isConfigHeader, isCredentialsHeader } from '../../../cli/profile/name.ts'

const isMine = isCredentialsHeader('mine')
const change = (text: string, changes: Record<string, string | undefined>) =>
  changeSection(text, isMine, 'mine', changes)

describe('a section', () => {
  it.each([
    ['of an empty file', '', '[mine]\na = 1\n'],
    ['after others', '[x]\nb=2\n', '[x]\nb=2\n\n[mine]\na = 1\n'],
    ['after a line without an end', '# c', '# c\n\n[mine]\na = 1\n'],
    ['in a file of Windows', '[x]\r\n', '[x]\r\n\r\n[mine]\r\na = 1\r\n'],
    ['that is empty', '[mine]\n[x]\n', '[mine]\na = 1\n[x]\n'],
    ['that ends without a line end', '[mine]', '[mine]\na = 1\n'],
    ['that has it', '[mine]\n  # c\na=0\nb = 2\n', '[mine]\n  # c\na = 1\nb = 2\n'],
    ['that has it in capitals', '[mine]\nA = 0\n', '[mine]\na = 1\n'],
    ['before comments of the next', '[mine]\nb=2\n\n# of x\n[x]\n', '[mine]\nb=2\na = 1\n\n# of x\n[x]\n'],
    ['after a nested member', '[mine]\ns3 =\n  a = 0\n\n[x]\na=3\n', '[mine]\ns3 =\n  a = 0\na = 1\n\n[x]\na=3\n'],
    ['with a comment that looks like a member', '[mine]\n#a = 0\n;a=0\n', '[mine]\na = 1\n#a = 0\n;a=0\n'],
  ])('%s gets a member', (_what, before, after) => {
    expect(change(before, { a: '1' })).toBe(after)
    expect(readSection(after, isMine)?.get('a')).toBe('1')
  })

  it('loses a member', () => {
    expect(change('[mine]\na=1\nb=2\n', { a: undefined })).toBe('[mine]\nb=2\n')
  })

  it.each([
    ['with the blank line before it', '[x]\n\n[mine]\na=1\n', '[x]\n'],
    ['but for its comments', '[mine]\n# c\na=1\n[x]\n', '# c\n[x]\n'],
    ['but for members of others', '[mine]\na=1\nother=2\n', '[mine]\nother=2\n'],
    ['not at all when it is another', '[x]\na=1\n', '[x]\na=1\n'],
  ])('goes %s', (_what, before, after) => {
    expect(removeFromSection(before, isMine, ['a', 'b'])).toBe(after)
  })

  it('that is there twice is not changed', () => {
    expect(() => change('[mine]\n[mine]\n', { a: '1' })).toThrow('has the section [mine] twice')
  })

  it('comes and goes without a trace in any file', () => {
    const line = fc.constantFrom('[x]', '[y', 'a=1', ' b = 2', '# c', '', 'é \xff', '[[mine]', 'mine]')
    const text = fc.array(line).map((lines) => lines.map((each) => `${each}\n`).join(''))
    fc.assert(
      fc.property(text, (others) => {
        const changed = change(others, { a: '1', b: '2' })
        expect(changed.startsWith(others)).toBe(true)
        expect(removeFromSection(changed, isMine, ['a', 'b'])).toBe(others)
      }),
    )
  })
})

describe('the header of a profile', () => {
  it.each([
    ['work', 'profile work', true],
    ['work', 'profile "work"', true],
    ['work', "profile  'work'", true],
    ['work', 'work', false],
    ['work', 'profile work2', false],
    ['default', 'default', true],
    ['default', 'profile default', true],
    ['work', 'default', false],
  ])('of %s is [%s]: %s', (profile, header, answer) => {
    expect(isConfigHeader(profile)(header)).toBe(answer)
  })
})
