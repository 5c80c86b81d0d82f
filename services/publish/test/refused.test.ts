import assert from 'node:assert/strict';
import { maxFileBytes, mebibyte, type PublishUnderTest, startPublish, token } from './fixture.ts';
import { encode, type Part, video } from './form.ts';

interface Refusal {
  parts: () => Part[];
  query?: string;
  code: number;
  message: RegExp;
}

const ofToken = { code: 40101, message: /token/ };
const ofFile = { code: 41501, message: /not a video/ };
const file = (content: string | number): Part => [
  'data',
  typeof content === 'number' ? video(content) : Buffer.from(content),
];
const valid = (): Part => ['token', token()];

const refusals: Record<string, Refusal> = {
  'no token': { parts: () => [file(100)], ...ofToken },
  'a wrong token after the file': { parts: () => [file(6 * mebibyte), ['token', 'wrong']], ...ofToken },
  'a wrong token before the file': { parts: () => [['token', 'wrong'], file(6 * mebibyte)], ...ofToken },
  'a wrong token in the query': { parts: () => [file(6 * mebibyte)], query: '?token=wrong', ...ofToken },
  'a text': { parts: () => [file('hello, this is no video'), valid()], ...ofFile },
  'a playlist': { parts: () => [file('#EXTM3U\n#EXTINF:1,\n/etc/passwd\n'), valid()], ...ofFile },
  'an empty file': { parts: () => [file(''), valid()], ...ofFile },
  'a large text': { parts: () => [file('A'.repeat(11 * mebibyte)), valid()], ...ofFile },
  'no file': { parts: () => [valid(), ['title', 'x']], code: 40001, message: /data is missing/ },
  'a control character in the title': {
    parts: () => [file(100), valid(), ['title', 'a\u0007b']],
    code: 40001,
    message: /title/,
  },
  'a long title': { parts: () => [file(100), valid(), ['title', '长'.repeat(101)]], code: 40001, message: /title/ },
  'a title of many code points': {
    parts: () => [file(100), valid(), ['title', `e${'\u0301'.repeat(255)}`]],
    code: 40001,
    message: /title/,
  },
  'a field without end': {
    parts: () => [['title', 'x'.repeat(5_000)], file(100), valid()],
    code: 40001,
    message: /title is longer/,
  },
  'many parts': {
    parts: () => [...Array.from({ length: 80 }, (): Part => ['x', 'y']), file(100), valid()],
    code: 40001,
    message: /too many parts/,
  },
};

describe('an upload that is refused', function () {
  this.timeout(90_000);
  let service: PublishUnderTest;
  before(async () => {
    service = await startPublish();
  });
  after(() => service.stop());

  for (const [what, { parts, query = '', code, message }] of Object.entries(refusals)) {
    it(`for ${what} leaves nothing behind`, () =>
      service.leavesNoTrace(async () => {
        const { status, body } = await service.send(parts(), { query });
        assert.deepEqual([status, body.status_code], [200, code]);
        assert.match(body.status_msg, message);
      }));
  }

  it('for its size leaves nothing behind, whether or not it says its size before', () =>
    service.leavesNoTrace(async () => {
      const { body, contentType } = await encode([file(maxFileBytes + 1), valid()]);
      const headers = { 'content-type': contentType };
      const chunked: RequestInit & { duplex: 'half' } = { body: new Blob([body]).stream(), duplex: 'half' };
      for (const init of [{ body }, chunked]) {
        const answer = await service.post({ ...init, headers });
        assert.deepEqual([answer.status, answer.body.status_code], [413, 41301]);
      }
    }));

  it('is told to be a multipart form', () =>
    service.leavesNoTrace(async () => {
      for (const contentType of ['application/json', 'multipart/form-data']) {
        const { body } = await service.post({ body: '{}', headers: { 'content-type': contentType } });
        assert.equal(body.status_code, 40001);
        assert.match(body.status_msg, /multipart/);
      }
    }));
});
