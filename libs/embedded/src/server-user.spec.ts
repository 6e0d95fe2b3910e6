import { unprivilegedUser } from "./server-user";

const PASSWD = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:2:daemon:/usr/sbin:/usr/sbin/nologin
nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin
ann:x:1000:1001::/home/ann:/bin/sh
`;

describe("unprivilegedUser", () => {
  it.each([
    ["the owner of the data", PASSWD, 1000, { uid: 1000, gid: 1001 }],
    ["postgres", `${PASSWD}postgres:x:70:71::/:/bin/sh\n`, null, { uid: 70, gid: 71 }],
    ["nobody, without postgres", PASSWD, null, { uid: 65534, gid: 65533 }],
    ["nobody, when the owner has no name", PASSWD, 4242, { uid: 65534, gid: 65533 }],
    ["anybody but root", "root:x:0:0::/:\ndaemon:x:1:2::/:\n", null, { uid: 1, gid: 2 }],
    ["nobody of a negative id", "nobody:*:-2:-2::/:\ndaemon:*:1:1::/:\n", null, { uid: 1, gid: 1 }],
  ])("picks %s", (_, passwd, owner, user) => {
    expect(unprivilegedUser(passwd, owner)).toEqual(user);
  });

  it("never picks root", () => {
    for (const passwd of ["", "root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/:\n", "broken\n"]) {
      expect(() => unprivilegedUser(passwd, 0)).toThrow(/adduser postgres/);
    }
  });
});
