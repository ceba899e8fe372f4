/**
 * Questions of a worker to the page, in the middle of a call: one at a time, each with its answer. Neither
 * side notices the death of the other: the call does.
 */
import { decodeError, encodeError, type EncodedError } from './error-codec';

type Reply<Answer> =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly error: EncodedError };

/** Asks, and resolves to the answer. Rejects with what the other side throws. */
export async function ask<Question, Answer>(
  port: MessagePort,
  question: Question,
): Promise<Answer> {
  const reply = await new Promise<Reply<Answer>>((resolve) => {
    port.onmessage = ({ data }: MessageEvent<Reply<Answer>>) => {
      resolve(data);
    };
    port.postMessage(question);
  });
  if (reply.ok) return reply.answer;
  throw decodeError(reply.error);
}

/** Answers what comes through the port until that is closed. */
export function answerQuestions<Question, Answer>(
  port: MessagePort,
  answer: (question: Question) => Promise<Answer>,
): void {
  const reply = (message: Reply<Answer>): void => {
    port.postMessage(message);
  };
  port.onmessage = ({ data }: MessageEvent<Question>) => {
    answer(data)
      .then((given) => {
        // Throws where it cannot be cloned.
        reply({ ok: true, answer: given });
      })
      .catch((thrown: unknown) => {
        reply({ ok: false, error: encodeError(thrown) });
      });
  };
}
