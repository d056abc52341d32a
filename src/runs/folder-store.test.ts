import { join } from "node:path";
import { testStore } from "../../test/contracts/store.ts";
import { newFolder } from "../../test/store/folders.ts";
import { openFolderStore } from "./folder-store.ts";

testStore(() => openFolderStore(join(newFolder(), "new", ".groklab")));
