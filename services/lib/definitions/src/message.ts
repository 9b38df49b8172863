/** A notification as definitions see it, which is as Ceilometer had it. */
export interface Message {
  readonly event_type: string;
  readonly publisher_id: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly ctxt: Readonly<Record<string, unknown>>;
  readonly metadata: { readonly message_id: string; readonly timestamp: string };
}

export interface Heard {
  readonly messageId: string;
  readonly type: string;
  readonly publisher: string;
  readonly microseconds: number;
  readonly requestId?: string;
  readonly actor: { readonly project?: string; readonly user?: string };
  readonly payload: Readonly<Record<string, unknown>>;
}

export const messageOf = ({ messageId, type, publisher, microseconds, requestId, actor, payload }: Heard): Message => ({
  event_type: type,
  publisher_id: publisher,
  payload,
  ctxt: { request_id: requestId, project_id: actor.project, user_id: actor.user },
  metadata: {
    message_id: messageId,
    timestamp: `${new Date(Math.floor(microseconds / 1_000)).toISOString().slice(0, -1)}${String(microseconds % 1_000).padStart(3, "0")}`,
  },
});
