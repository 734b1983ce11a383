import CLibPQ
import Storage

