const inWords = 'The platform cannot be reached. Check the connection and try again.';

/** What the platform refused, with its code and its words; code 0 when it was not reached at all. */
export class ApiFailure extends Error {
  constructor(code, message) {
    super(message);
    this.name = 'ApiFailure';
    this.code = code;
  }

  /** Whether logging in again may help. */
  get needsLogin() {
    return this.code === 40101;
  }
}

const answerOf = (response, text) => {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiFailure(0, response.ok ? inWords : `The platform answered ${response.status}. Try again.`);
  }
};

const accepted = (answer) => {
  if (answer.status_code !== 0) throw new ApiFailure(answer.status_code, answer.status_msg || inWords);
  return answer;
};

/** The calls that the page needs. The token travels in a header or a body, never in an address that a log would keep. */
export const createApi = (session) => {
  const authorization = () => (session.token ? { authorization: `Bearer ${session.token}` } : {});

  const call = async (path, options) => {
    let response;
    try {
      response = await fetch(path, { ...options, headers: authorization(), signal: AbortSignal.timeout(20_000) });
    } catch {
      throw new ApiFailure(0, inWords);
    }
    return accepted(answerOf(response, await response.text()));
  };
  const post = (path, fields) => call(path, { method: 'POST', body: new URLSearchParams(fields) });

  return {
    feed: (latestTime) => call(`/douyin/feed/?latest_time=${latestTime}`),
    published: (userId) => call(`/douyin/publish/list/?user_id=${userId}`),
    login: (username, password) => post('/douyin/user/login/', { username, password }),
    register: (username, password) => post('/douyin/user/register/', { username, password }),
    /** Whether the token is worth nothing any more. */
    logout: async () => {
      const options = { method: 'POST', headers: authorization(), signal: AbortSignal.timeout(20_000) };
      const response = await fetch('/v1/logout', options).catch(() => undefined);
      return response !== undefined && (response.ok || response.status === 401);
    },
    like: (videoId, liked) => post('/douyin/favorite/action/', { video_id: videoId, action_type: liked ? 1 : 2 }),

    /** Sends a file; `onProgress` hears the part that is sent, 0 to 1. fetch cannot tell, XMLHttpRequest can. */
    publish: (file, title, onProgress) =>
      new Promise((resolve, reject) => {
        const form = new FormData();
        form.append('title', title);
        form.append('token', session.token);
        form.append('data', file);
        const request = new XMLHttpRequest();
        request.open('POST', '/douyin/publish/action/');
        request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total);
        request.onerror = () => reject(new ApiFailure(0, inWords));
        request.onload = () => {
          try {
            resolve(accepted(answerOf({ ok: request.status < 400, status: request.status }, request.responseText)));
          } catch (failure) {
            reject(failure);
          }
        };
        request.send(form);
      }),
  };
};
