/** Whether what is called so may hold a secret, and is not repeated: rather one name too many than one too few. */
export const isSecretName = (name: string): boolean => SECRET.test(name);

const SECRET =
  /pass|secret|token|credential|private|auth|signature|cookie|api.?key|access.?key|ssh|cert|psk|shared.?key|user.?data/i;
