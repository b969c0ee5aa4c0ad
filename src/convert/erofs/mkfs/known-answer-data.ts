import type { KnownClass } from '../../../model/index.ts';

/** A layer and its image by each class of mkfs.erofs. */
export interface KnownAnswer {
  name: string;
  /** The layer blob: a gzipped tar, base64. */
  blob: string;
  /** Digest of the blob, from which the UUID is derived. */
  digest: string;
  /** SHA-256 of the image file per profile, and per class where they differ. */
  images: Readonly<Record<'containerd' | 'containerd-tar-index', Readonly<Record<KnownClass, string>>>>;
}

/** The image of the classes A, B and C, and that of 1.8.6. */
const same = (sha256: string, oldest = sha256): Record<KnownClass, string> => ({
  A: sha256,
  B: sha256,
  C: sha256,
  '1.8.6': oldest,
});

const XATTRS = [
  'H4sIAAAAAAAAA+3aVVBdUZcncAjuEtzdIVy4cHECBLtYCO4eXIK7u7u7a3D34O4S3N3dma97HqZ6pvtp5uueqeH3cM6uveuctapOrTov',
  'f5YvLF++ftdzljDSMzSyhfinYP3v/qM7KysI8D/W/7IPYGUDsEOQOf9z2vm3HOzs9Wz/Uf4/o9b/hThAZAoiEpLSaizOevb2tix2RgYO',
  'tqb2LiwGejZ6+qYW/1jyQ0JAfIIg+7fPIf6XdPvh/zQbUytjR8A/t8a/jjgHx38w/2wAIAcrxD8ubEAQiBX4r/sgAPAf8/+fMpP/n8//',
  'CAzKvPblZp4e3otcIbkK0AOLd9wIXGfVrpUvTafpFuMwMQKL2qeo1WXsXqtmGQEZE+BXTNfy1e7BbN7LnKcEIE1ed4oEvA6xKzFzGh7D',
  'CYRpwidxEgkwDUbfQmQPtWyPxjPtd2kscWva1mDwcuJkSDIIwpnTJPKcn8Xhp3X25vlJEzkn97KRmYlNYhFOc51sfTtXekMosIDMTM9H',
  'MPM2PePpwVciQhCLsWxn5ZPonRTcUBEZRexTMpSFaY9UFOCCtBaIXjv9Y7HZFacOujlPp198lN5ltAwhBRthJv1C2XFbLTtZ7z7fIFmc',
  'e9dEr3lAU8IuEprD4YTtfnMmqFa3OVIr/JR4+XCtJ85MNSdBo7ueFnsSH9Nl+sUojugt6dhsf3rw9KdsNKPFwfNRItrvIgydBK7Rv/b8',
  'Jt8PaFrKSE88elLExpyOkv2ZumXllsbYPbPQc+ZqIW3eDFKqoNB9TcVZ3mtjbg5mgFXLu9sotwYcGQ10aXNW5IWqVZ98BhuawtHhRCou',
  'QFa03vFGoQY/5yP2ymOoOFOExjxGZXwChG3UN6nWdGlUSAHzt3RftWg9svLksm2rJf3VE793rQHrf4ZcXxilTHJyZA6nr0uLENc0FfmC',
  'zPzxtm8QwQnWE25X39cwLcScvFRcAy/c71hU8JY0Rd3JsWS5bkQNGnRwBBSMb+7ysb3XxfJfCzsskOtdy/MI8ndvuIcNhiFemoyUk4v3',
  '5bv0sYRo0tp0pcnMeDolKTfVGQUbFXbGH3o5Ls3ubplehlH5krUi827eK0ufYTxXweMgH44wEyHw+WgUrtvK/jnvizB8xuHu/A8nAR9I',
  'yP0pmxfGWljm1i+DdVY57JPNGqLTxJ7rCehJHiwVh4O/jyUYyocaZV/+UGRlZmsPY62D1e6dVtaaJg2+ts+SvFRHtzPNSLyRZrsTjyvO',
  'P/7it4yqPyvbWDSBtJkKO/PmhOXuvFtc5kuomRAS+FYT7ee43Hq4x7vbp7uwJGNBM5hXsLfrj0BPRKIjgSc7ziu5uw6QQ1Hwi/2OfDxD',
  'dqdZvbexldDanZ1fl2Hs8ez609VxijHuKlMwbc56B4rwiwR3v6oeX3QxOYdUkUPHIpQ3fSkkLyUXs6CdGs/EpDH0WdaQOhvOJ3/YKhLh',
  'hpFwxok02OK/d2KzQe8Z8UibdGs877G6TUdlIwhyD4D+cFp2Fjqme/Fys2jfoKRNOMK8HVRxLDgKnjLW2ZFCtOQ5vKx8Niu2nid0kkyi',
  '+7cfk8uI1An0GNFmM+3nGSyPrwReqoGOPseo93fj/araFxa1N2bBdoaDxW+HJ8cQpH9rY7/FcejAyJwJf04X5rezb7S+/3oh0Sf+qIJf',
  'd4VB6ctEF6hXWEgvTVeqnPs4Dj2f/ozkGDYe+v5OU78ww+uNd0oa9Hain2hvxkM6qsvm2WiZ/6vvqmJX5Sh6ZwCAngxdIDI5XUEK+dnd',
  'mrTRzROk1Y99anS6sqb+8vU4C5+36ou/GYVaMfFs7N6zy6eirzwBUiZuwshEfHRjkGJ+yogXhmlbG6mbIdGJby70IW8FZqnQcKVoud2o',
  'Od/bW9WWyHLglN36FsbHq62zoGBBQ+Bpx41KmpAqdAaQU591tcHNe6HXPE2fIvvjqtXTrxdWC4bFxj22G68H7OIUbXY1o4BNAfIWzZyC',
  'rnD+NCn9n84J6XzJAMg4SjrkCTHNS6ZyzFa1I0YKWIAN6NI5ZB2R4PGABg1vhIo4ekTLJEbpCZP+oD7WlZ/lC5wjDgeh0bwH52nNFL9/',
  'mbvvFM81bSbYvb+iOpqEED4sPsAg2XuZTGzpcfkJ3sUvQnVK1/FvwyveVHPKURRhnRrRlt84fBmCuINeY7n7A0j0we2VJDeuQYorNvel',
  '0xkqepG5tJdksoc1d19U1eAeB4QruS3rvReueJiezpNdpE5MzXiqs2DuH+e47xkf6c084ztu+LmwNpbNuXUJIeUn/v0QRCW2LrUDtjF4',
  'LPRErqor6OYvrCgRy14ji29J5uYNQ+coV0VVmdYMYHDjhLeGYDvEJbzQu2w/l0GMe6e1fwgjO/s0CQ9mKeItoDAWkjW3aKfgWqzOIEa0',
  'z5TxRyrx78gW1hCD+BVvojpAihLgm9FKfJYcREm+l+UCRidab43FmOVijv/xRYHf5e+wlcHY29ixDgrOJj4QyZaQLZyx0PMCFpJ4DmNi',
  'z4Hh3XaBpLcBsA3VHox4iXXxEgHmaFimgubdGD4QVU1iYXRFRHsytfOEmUY+B6rzJPmvee9yjXLVlVwlIQz7+guMA17zfMm3sQUTLP+2',
  'GORyn5DEipJl8x+qBiS2QypTAxTcoCIFvvAOe9KR0Yfiy9ewy6a6VStgyqSA2y3jO86DKHkEZ3LZKHQKxTJOQaF/2kyUacUOf2Z64K8v',
  'IUUp6wulu/TjHWLFAb6Vr81lITbj4MglcsxrC/tNX8TMsJSfKExSFaDKyT2XaXnj05b2JMv7S02sUd7vuUgkraTSvjTMYPVSLh0sjGpO',
  'fS6sD+0/hqbQlWv/uS2BfKip9GR9/uZ2a8gN28d27HWxBYxB5ulPshVb0fhJalk1L7Hdpao3+8cdL9TxuvWLX8fJqb6GGflv/3d0cl/d',
  'sGejuR+79D8JOYyN09WRyWpymam633dUWJ9aOD9bUm1weIBO0qVxacAFJkFjYuo3CIENS4drTBAUQWn6iimF9APDCu0xRLiioG8xOQyY',
  '138FWsYihUkS0AIsTzQ44C/q276vAWFwODDQM/EbBqQHixKXxAUM1ULuoQmObH25gWMUbrrXIxCmJ/mAQtlMVaTZ+DOyajko5nk3K1ie',
  '/omxC95hTChR2OjYgnIZnCZDn83DBH4a5sykN8H5mJ8igQ8ypNkJdI6QaL5gxv7DKG/VCLMxEtanv9gS/d3F2VD4nH59Puxr9KsNYxMc',
  '3mLdZAJQ4mnI67rsKxXyTW/2hTjDOcWs2TWbXQ/J+CQ3vzmqzEDFg1nywG7fwSIaWs1n9FW5LOxsO/5rapQCOYC60h4uczJpow4il/BD',
  'nnrxMVt/ip9uqd1nJ83WnVEuFsaqvT80nfP+8LlKM5WWpvR8y7aWJU5MVL8s++Byp6+ltp2PISWYoPYlWksZEOyGredNCbrWY1kQRIZ2',
  'kxl7CO6ycGKVIOo2GrdN6Oatw7MHG90+cft72I66xfHF2/+ity3Ht77Az9VTK4aXdovMnd88fDmkS5X09HEHqGV7+dK+E4zf3KaGKBG0',
  'UZwF+kWm0GruhC8agkVX99rO0E7hbs6RNOltG6PzDRF5fSUoVc1VGn3yXl0skdOdQNuitGxdNJm7hsAcO2EJV8oWnGvUqfaSfS04n9K8',
  'SqQTwuuwtoBpWTGF7OEdLwLyaxyisZWF9gYs8qL73wOwZKZgJuPzPISgkwdCxK/DdpDRwYvDXk+UMS9C+7qJdn/8fuotfm7PJopxEZu5',
  'q4tJj1chJv8GeRvdFUkN/UeRSHjgcSVkZ8N4D9A2rAlZUqsZzW2eXhulI0FeTogqFq9qFxuNPWKVWofDr+iYIUk00OJ/xEaQlsBg/u6J',
  'Chcospxxv4ym678oESh30X6ngcTEbFil6avznMYgH8cZUxAsinEIBQFHwje7qNsUrpF756LMup9UyWRH/ZuG8PGHd5YZA4kU3LgKVC4z',
  'o/fhBT33JgMVDIUB71nL/fJxW25VLLpWvW9cXvs2O4x0CX/nOW1sJDGq71rGYlDsxvIgHPF04y+E8kfiEbDZwmDoKF8tAZDr6+XqKHZT',
  '5ldDlVxX7yxlrGl2GMtwrUqEIElF/m6Yx7ol+eKdU/eQFCQC7wpcg0F0h+txPFLboIgSmHPRs+27NRyCkb5qUFOMTBuniQRapt5Xmg7/',
  'gJsIQjEhiS7YnXFSfAnSHb304m92B00YUDPN+vpzwYie3gbnnsepCxWKcnyjB86I4uyNzJiBSkMpPnK2BwfgixI7YrzjI2GOusyysYa8',
  '6Ui1yk3IjuIkl6FNGQ43KjXP911oWmny2RKPRMRyRRhM8f4/f3IQuFji7fxoiktg1ps90WWL/QLMTHappcTR8+IKJzs7POdA8FyFXCgt',
  'Je2Tqhvpub6++MiO2fcCo+x6h3s2EIq3RbDFF4Q/FslZvxg+KjqEMGtWc33lV3WIgvgiOyVJMbU1nzdR7JpqqrOXCh1cGbflFwudLPgM',
  'HUlWf+BQ9/12HnKMw/MHoVivgQ7sbDpm5lGxZHfoNdUIY95YWtSgNWwvu3qzK5nVCxFWp02z0OUoBRlALrEl0HW1RqhHBizKShR1i0T9',
  'ySZko7sipzjG79OIuGjvXpp5oOEDSpAttprC2rj5XnuxgSWfiHea3RV78G+5gYUZGBMCr3MNfAQ/JALKCycSE5rvJXGDenUy21Germ4D',
  'CgldXmWDHs0LgjwoIg1E4SkvqqmHSqzGXcKpWq8AGzwBYS7EjQOLqjb+43wNj4SzQsm4saOraNmp8iwv+pNf4WzpD4smA5vOQUGd+y1g',
  'JhBaCfXlESSUe7npfViQY1soouGetm2YIcCZq73LwqUuFfJhgf8aYTAooFPpMa9Crblan9HycF/Bs2X5iICgMV8Jy+C10+RWLj16Q9BD',
  'YTPYlJ8jSaF9aBz0W5k3uM9pB/1rlkv6U/hjBy9RfiWkfviYPYkPh86MQzojBFdLHSxpHwah7+dESdIFIqevRYEDzs4w0zC8u54r3mma',
  'EygxnquZxPgtID0ktspWiOZ2y0e1qQmHJMBVOeLYLGtWqp+7+iNpj7Puobye52O4V8R01JeNawMIKvGtGTYDgbPHxtHdV0vzFn1BQ/h1',
  'E/tYThLRmtm+4cK9F6lzAbxPpsLIM5sXlvjZYVu1Yi+S0+JWg355OPOruUqrf3uBEEIwNCCc2ui/Ha8cyH8X3n5qJNTH0TsxHHnskx/t',
  'NoeZJLI8hTxFnrAsb6gWNfk579dRXTFWqsqrr4J/iJQjzSubCPAd7MRZPqj4y6IIaqN4CtWscv+kUvhcgC2AxyNYsRgIfnNS2Ml5cBDP',
  'jntPGiA2S3mmbArfylmmM6sGwvVbwSBhrJD6t34mi6q9RJUr07nx0toWnSeZek37PiQBxhbjB1Cb/+jkDDG+fZM1cz6Aj6OEsvciGErU',
  '6Xf3kB67m+fuQgSPtldofxqTLBgiDVH2xjU9Q1Oj67GforT+ZWhnrib3B+QQF9/KghfYb9a+w4JSvuf0oHLNifH85vWVy00lpKU7kdsa',
  'yf75AKbBdSp7oTVXU40dLWKG0eT7oDVL31hh9S8woH3xc3qzDVGLbDMf044cQrnWWrC4vrike6P7XDi/eGMSKFUvsWul8hVgidPmdPJY',
  'oQfvl2GQLJdxbOv6zI4/yYDKdvurhHax2E+zrFTI8wvct46bz2yTLYk347n4TcXWnJ1v0HR9ZsifbHxcSx1EqkIRfgTmLASKMQUi19y+',
  'C+LB0jHPx12+tloAW1FvBtea+lBQZelXSORdUMUC3jCiz4Cw+I/x9uxbxY+1PVTKvsedC2im30Y/aVPIh0HRPYmHoD8I/rSG6/Cv90EQ',
  'QsP15drGBXXE1A5hWebGLRVMVYIrBGvmkSvTDkfva/Ak9t2U94d+IlCW9xKUudfUfPJwrGRC3NOFcsKeDdSQUpQNYTRB9pFVJQgZgnDK',
  'QhTdCbo7YRG7kJDmh+4i+cyz5R3LeZr6icDB0Gd3FQmtNFd6F6+/ZaOjFOjbthZ9yGI33N895AR0or/lN6QkHvM9/V6IMd9Zkab8oude',
  'U2tIkUHlMu9ziLQ5PIJmefpK/rS2oXIlKxaNz94/dwmZzx6EJO5QcNuYkM2fvBu1G426wWbzF1Xay9kKYdChXe+6AjIEskYQqzXNjxAV',
  'jUNYWSKULOBAO5/p3KAUR3yCvVrMjfebL1GFvigHKxeDRHN+Zt2FIpvALkfpaOKpf/g5ln2xSA/V3ZeM9E02P9WyaccxNiVEojLw4YDi',
  'YJNe0Mt+xLkmkX8d6hJUwzr32anySi2jiiMZwzm/2M7TN0UsMoa7PdxS0TdHcr2z6h6tKWT0/ofDI8NJK3gVBmhUlPzXAaVUWF1rUJEG',
  '1MgriHJJc8aFcvUSUXvQH9zC3yZP6LuYRdUv6SHlNkEU7qWF/YcMrejtDOEdXavdhyq7xSgsUB14PkU48ypBL7zWReGDvTWcficiS1fz',
  'vfo3tTjxn4IOMe28HN0lvMorsxo0qjazbKQ33QyGgibBwBVmMtJwxEHHDfgCnGXa73423NlYhWppSBqDXSHLmNqpEosYqIBZnoIbre59',
  'xBwhqL/Os9+mtZVh5Y2zEtcZ/PC0uatboqplCoMCGUluBret/Aa+Kj/Xthevkzr9stYL+NUQR8sK3go4NF5fZCkCguSt01DVNFhGjS3b',
  'ZlYJgCDTKLx43bngLAcEQYQY4ZoIUA/f3gQ1AWJe7M1rWIJIp+MDtJLpeQgUIVtjTIiNVlm90CFMLKh+gInGwcqUupLJuVCpHJdX69oX',
  'J1ndy6ccWm+b0tqZfSqqnYNFMWveK930Bb+7uIKqgjeBp6QtacGPMD9EY7/CBi6Vx0SlXOL76K+keJh2YIDl5LrpzdFOX5h/YwGy2dFF',
  'LvYAwg0WVEccEqIEJkoFE0LwEZvcTd95IN9oNeJP1xXq7uXU9En/fa/3Q2qI9EruuZmQrhv081CrEiEW1B8UKQEWKJ/uJS/pYHrb7vp5',
  '7jIx6ayKgU2qCiegpYleUiinlCJb6jWtfe9C4JdF+WUcX5/GONP0T9N+fwyNFRCUopAURNEf+OBMy397uQUFjcJ4659jrJ2juGbCzjgo',
  'kxXeGuxcFKtcQYEiHX1NmmuAl2Jq0UYFV/ZyQsUmftJJpXQGnRPtZKNxUVk8aFpfTg75QjxEyBRf5jOMMmDpIO2MWygcohOdMX5ZqRJL',
  'PjFP4+hsLbg2riO8VZTGrmnFpnm8X1J8gzV38amaT+iHabSct4p/cfwjP7/Takm0xjaOD6C7RXxoV1N53qKcAf649KupDVacQP4b5ouV',
  'VrNNp1g4MQje+GPQ8dkbLYdrwx5lTygsVdR/+hsKWcZupaJBAF5XT64eYFNcq0RUCC4RrPp+n7NpIYj8R1Nm9i6sw1qQv03lc+dNdROH',
  'u8NGo1dR3HZ5l0gAZhyJI/dbzp68VG0FPlNuBL0pKjQGrGIbhm/aQnrtnwKUxrgOI1A5krYYeSTh4GNIMywqvHn7PSleXkD2osEegUKK',
  'GIQAz83C50+lEqTA2brbMsE73SdR8jO9nxpkaE2YjFBu11q/9Hsr2Ne+XcBYM2xUxs5xZ3aBRrdodBzM0CkW1qObDrcdnoqKUiAhB4/T',
  'Hipib9i9RNu2brxnX5kaz/cYxc/j6iCOBJdHGHaWwAIrooAkRBnaBGorLhiU216VFCZpkTIs/bum9ESEpCM5urbxKx7sxciMH/5/omzO',
  '4rFlZmYJnlhPs/tyXIjjkxvme/18ViXaUxaTkn5b9oJQsJTKMKdKf8OcJtPMhsQfLByXs9fmuRgObgYAmJ5r3+M7eUI3VwkNtXtEJtXh',
  'UjhdZjSzRFemcYbs7Q/KLDHz+q4ouctC8CzZQtXIDYCtPdNpKm54xS7kUu8ri6Rpc4b3aJko30jlqNTktSE8aoOrMMUL1QbG0eTwcRPv',
  'whEwLJZyLKyQGL0Y0ItkxVNCTI+Ed5ZgZLcWaCT5ioa/PAjDKb0Oe1u2kpg4KWY7DmC6KPTJi7hYN/u9G8do71OHliZxFtO1cVGru9e7',
  'LsEtcu+xOIir8/46QgorJBfxCPpVURK8SfNMEb+F7uthFtdWaEiBHW9ooqAwjpZdtN6NgUB+p2OcT86kqx8a4+dwlXnBUU4bekNbUBfT',
  '/WXuMCTKyprsRXzDirNpqMhxFqczjnVGyoo09eznE1VDLRr5cSpWgAXZ1aG422Omb0sEFuLVJrPXeUBFVid66bH6ZFUQYF6hOU+OkasI',
  'lnMsIfLPG2UUD2Z/hPOFUwkJa0lV6ewMmHrpC3qoqs0D3u5Sm0CXq9dK7ynJ4vTOPgaO0CkFjPm4Us4R3hzl46JBnyTbunPCivJVQKtK',
  'Rv9dYgP5Vjh+dsFNRLF9zjYitzSEziU6MZ+BAy/URGuMhs5k5TpePHuE1YlgFYg0Qxp3Xs9afaoDTaQGQuGWUbJp2WGPZAryRz4ra6Pp',
  '/tYPa+Z1byjyBf/PrJfukN8M7wfnfnmkDQV/40D8rWruGTsZk7Fexvp3o2CvJcI6q+yg9u4ige1LurB15+k5VJ52N0Fm5SYGibAsIQIf',
  'kuA1dca6Y2Os3eHk5mjJnxG9/dTPeSHsrmICJMQx0j4yRCxPT4v6OjjU+2fakfHg58kKflmb+fDWyB4v6YxP3xFlV3NpuY+QoLbgvW7r',
  'R3BBwyMJLQ1kAXkiQb/kVB8yr7nkzQt5A0ZHYQ/ofKpdz5/fuKghmUcd9nyf45J/4vqw/OG6jD1iHp56+4uUI1/yxIfVycVn6A9hXhAl',
  '/PCJse4SGjgI/QMHpl9DrtLjahUsesQG+XJsg4Zy9bebUd1mQzmjEn799q/7fvtryo8ZVCBqT6T5Z/iy+89ZVigZ7m0Achwfep/14GMs',
  'XR/UUiVvDyUZdr14aVr4ZOaXfL1tiRzR+dmhcLXX5hJpS71KLNmlvWTHEzcENApMfaB3pGLfXCH+375QHQVhCW2SraLeIxUoEQDdsWda',
  'IVmFjI7h4GEbTq/g65qK9JqdWQ0FiVsqGcJJ2eEE16C4yLW/N2ufnaegD295XiaCagO/jv7hWXtLUdshAPl8A1+MmBvjCJhU5JAjlYj/',
  '+0frmqE+td9dOoZrm6aFrYRK/Av1Tf0q0zNR4A4tB7ikfE1Dn35gnJ40rhn3kvVW4JFQ6ikxH9Kq5/tLx4gQmvNC6plbAPQt+vxopFSX',
  'FVMmn3m25MQLXQK/ZtlbuPTmcY0C3obe2iUhHI0rnZTDFqMLDhiXV7M2REXqnMgZy6F/wEgM2vbEGuLYRWWThwPcPpLWApeZ3duGp7Mu',
  'Ax+v8I/ffoqv/XSFl6Xy0IE3kIWHrr3YDp3tCUDEo3n8l2k2clwp26YrzRY3itnMJqJ6YbL7r0CScqjNEl39UU7eIBIYjrVNuZOxMkOq',
  'zhNgr388zcRb2SGcJG83TZF66Ps1abbmjSG2ZO/8TKmANSjAFxkV/IV8OSWXaMA5TGenB3szuLR6pfBrqQmiUN6EttwIh+3rGMxAmeHq',
  'VEqTt6oBv2wfZ1ryltYqbKuADg8wgNobWYwIn/QJIfy0o/a9dv6we0X56brXgmnB2YO/TOwMZuEM/730nS1eoEAfcIBuTVZtxOxHCVcp',
  '3VVwy6DK9axuY5zh92gId7ro0uOHS0qFwh4DgT5lchlJNKqm3wQfE3iQ0Y/3PdKoKV+VjQ4JYA+UopSCbJytGt5r+7NIZLv6GOxwyWAD',
  'u+2VLIJ+NlodRmUxWwVbY1W2ZzaGI/vNsscziVgFYr4bKwRovE8jdPjOztPFE6V8mYtGQzWjDhcrpbFWvl2PMFrVdY9agdKt0J5pob+B',
  'AG6aUVIjyzXnMYMnOWMI8dzwY+seaPN1fvFwNXjxBBbryZ/f1dz+kIExcvamkyVZf2TZZ0asdmM14qIjoeq+ncfR8Z3iFYw72qjiuyMa',
  '17sMJu6T0Y3ua8Mw+TkJKe4h6OfuLcwg65M1Vnk2vtKTJ6Gh7hH1M6WLyF/PedUnZLqwUCgVtS/wj9GdNvAroDw/vWpni2bR3JbHovQO',
  '0kg/IgYV23UQQhUWVslxMm0KU7phHlt9NbOlqSWa4/i30IniBVtlk2UvT350cJH/tsLyLjxOK5Hbl+2qSdzqlDzg+MkkemssLS9Tcpkg',
  '3pII3/cNqvpVpVWnHoRfjW4KvR2ZV9ETkx5jL8GiMVrEhrG4Ofrva4ZZ+BptfqYy0vPWKdTguQX2c7yYbWTOT7LNZG5hlAohdq4ezzMV',
  'lpvFGqzKW4HIRZfqKzqa8iDyKgvhOzTKXsqWxDt2P40Wj+5KbbkH3j3QZghIHcOY0b8xnkP4T62oeVgkhfFL4Cy+ry3pS4vx/imreT7l',
  'PPOSFCzLWy9UKxNpEq48Li54JRCaBTHGVj8jcbLz7xgby4R6xdESfIRlvI1xbWb6dYyy2FQ9LT9nr2xTR22EZ6M/M1929PnY7MDe9VEv',
  'R/hqq9pt4OENvxis9SmJAstlDV7VlXLZGn54NWbMsbH82HqDKKKz92lNIXVKXL5HDAROIkztjyyk3QAt0YpIDgutDDTJMIn8c1akA9le',
  'aF81vEFozWui36fplxb2igGsoXk0o1VAzn4q2eGSHPKH1liBG84V3E+cztwwu/2ZiAMVutcDzLy0isPakOhi6tzHM3K/ZmpLOcjI1X8Z',
  'RpvrSbcyzIqsBvtcbrNYXnPya66u1XC9LHUp3SHttudZSUwhbT5RdJDoAirLKsXs4QslN9tWvw6/j4GwkkxppbPMQScjoFgnKP+EAguH',
  '0oaRXM+qWt0aLPKtVDjamrzBJnphydYdjPiWNIL2RtUrSkbXTXABY+OwZ3zZu4yjBxQmpgwuBflmduqcPCO+U8/9HKvT3ncxmN4CTesl',
  '/cC28kk1gkPvQgS3qCGyeiTBmZaeo23vYGPa9ROPbvcjcAGDxWC02ncld3ewWovgu0AjN5+a/ShlFEoe0SHJgrMtrh9d13SFCtm5ymTK',
  'VtVJJiS0YGsqvNtuALKwqPnfrjQL2uUN2f5yMVuOdAZrp0muG/1UIy1dWY8v0NGvvdWYwe5fNs2+B9nU9xLiypLIVj6sNQXvbL8r+1cG',
  '0JYhWjYZt1EWMtB+c++/0KsTmLMoFknUs3oVZTya/qzmBzjbHkJX9oKkbJS7fmLdxaDn/oYrMG8VJ47lRD0SuFuIRos1VSLjdCVjIJw/',
  'MtuCDMqj7IERXeipiXnPDu8YlewI0NGaKmfQwpGVcyhhD0Thb/ypH/cY+Q7DY2xKoy9DhrfIaVQipzhRLnLxCVqNMKmeutEZGRvkbdLh',
  'vrnndR4mFTHdp8ElZV51CItEHsapMXT1EMH3QMJfKKwjchUZs8hH6DYkQYoNtRhsMO+tfwlKzhr4KtL91vk7mbLwSXsxtKLk9tmigluK',
  'y8h9rWBb8d2BsvZAqmQiusd4GnnOyhV2Eq8aMxHN3bS+Ou66JYfhR95jNbbnIC+vl6Em7NiZnc6uzxVi3Ak0k8vG3yUiVpuMiqnN+ROX',
  'JbgzOrQ0h2DJq/KF83d6n4xv2BGLFWUT0pqyTORyHlHyuaq1uL9Hv59rgx+vVS3UQxJ5IVIdWLbv++GpTl8YimSBgn13a41qLsbV/ftp',
  'cpTwaaYvUe5fHEvW5V3YQg3mr3c46pOrorF+aCSdYKYeSwI90iVJ9K/ygbZc0/kBirAV5ycj3LCTmDEu3+7YKS80qrkbOOJvfsMlQMes',
  'gzkBpunDY1rSAV0O0QBG2e58uoBPjsfGF3hgz/oaKRCJ0ZBImNRRyWFTiElayq/Zqpjv+ygzMqF/Kstns8irGPd8wqu9wXnly2gptpe+',
  'eZhIxGt1R0w3JSwkgnPRrXVPUYr+doqypjJupyaZhULDJC5eF9UzazS+G2ctRT5bXMpJzAODeab4oF7LDQHm7hy7IGyEPND9cPXcKweL',
  'gBUqaoZ4U+7j+lpm6riq/nl9xovz4WqouHTCVKz5uEn04Pmud0XpNLl76eUeNkvSuCcw27C2TZir72KJ6LOBTWVqK2PBoMt+c2sIukk9',
  '3RC4YSdXAbrpNk5Oevq7tkZ5yANaP2Gs0kKOTXuuWWRX7re00XgNmvSGfD17RXvdKP6qgwY/bffife+6BSFGSVVdzvYsizvKzPg7p55H',
  'T+JLqXmfwUSy21JHzyZVt4iD7bvt/nGaUN2b3hJl5B89bURx7hqUSvVjmPp9vENwt+DIIkMvRC55hLXeELDC1/vWz0Y3kM+/cghZUK5U',
  'VavTE1H5i1JO444t8PORboueielPEQNDlhG/0eMUXve+r5anJV4951RlEpa2EyUpRSIGkbgM4276vaYfKDY6tcHYTYvjsfJKGd3hOEG0',
  'vB6yGSTUVwZzt9qaLIbKY3iRx1Av1ZXyIRFuoS74/eMt49GnjnQQMKH/1TmdfxaW/wvynwA2zv81/wn8yH/+Z2Dj+Lf5Twc7I1sWfX42',
  'xH/3QI8fgMjO+e8cGFhbWhpZ2fOb9JRYWFh/hEP/n/EvX++fXeNfhpoTCPyP89+sgP8p/8nJCQJ95D//Mzj8Vzfw4cOHDx8+fPjw4cOH',
  'Dx8+fPjw4cOHDx8+fPjw4cOHDx8+fPjf9t8AmUK68wBQAAA=',
].join('');

/**
 * Four layers of the test vectors with the hashes of their images by mkfs.erofs 1.8.10 (class A) and 1.9.4
 * (class C), built without code of this project. Release 1.9.2 (class B) changed the times, which `modes`
 * shows, and 1.9.3 the order of extended attributes, which `xattrs` shows: class B equals C for `modes` and
 * A for `xattrs`. Only `modes` has unusual times. No tar has an entry for the root directory, whose owner is
 * then that of the process, so these hashes are valid for uid 0 only.
 * A unit test compares this file with the vectors.
 */
export const KNOWN_ANSWERS: readonly KnownAnswer[] = [
  {
    name: 'simple',
    digest: 'sha256:73cb377cb5703f6d468c4564e498d2c94a6db15d7c225949b9178e66a9b6210b',
    images: {
      containerd: same('033d8b2fca5c398c5515d37ee7592089116bb17ed84b525059e7f75c2369a5a0'),
      'containerd-tar-index': same(
        '4daf4810ea7fcb49e055913115c2780bf41b093dcb83e6a7fc1e91eda7ba64de',
        'b2754c9f84373d74c2da4a63c1401022fa49ba446a3c3951eaefc8b5b61fe3cd',
      ),
    },
    blob: [
      'H4sIAAAAAAAAA+3RMQrCQBAF0D1KTiC7Ycyex0JIERB0FY/vmsLCziJq8V7zYZr/Yebjspx27d7SdnI3RazZvWfOJacS+zFq',
      'zbHe6xRjGvKGm16ul3Y498pvdP2h+fn/4VZ+vQMAAAAAAAAAAIDPPAAzBXA5ACgAAA==',
    ].join(''),
  },
  {
    name: 'whiteouts',
    digest: 'sha256:279526c06d4fe58425bd57c27c6cfa9a07435bca1bd5fdd8df90c3e3c90bab2b',
    images: {
      containerd: same('d83fa19ab0b685b10c1611c97c52015c393f6c94a6e5708e604c99464aeb4bb7'),
      'containerd-tar-index': same(
        '8feeffe003e01f0c2a9262ab235eaaeb5cd4f30f5ede5ab60e7456879d958ae4',
        '1b1bba33a7502be8f98bd8eddaa9db137790784847b271f800806a415a96ed41',
      ),
    },
    blob: [
      'H4sIAAAAAAAAA+3UQQqDMBSEYY/iCayxecl5pA10Za2xev0mWbqxlCYV+n8gETcTGEY3X05VZm1gRdIZbM/0rrR02tpWp+9G',
      'TFfVkvti0dPP/RQiS2QdkAv9N+utGXvv12uejFiw0fr9/lWrja3qIp38ef9LPx1y/9ay/xJi/3H/6bmPjxwZH+xf5Mz+S4j9',
      'D25dVMaM/f7VZv/hb6Hov4Th1xcAAAAAAAAAAAAAAHzFC07vRs8AKAAA',
    ].join(''),
  },
  {
    name: 'modes',
    digest: 'sha256:e78d07ab52e5fceb44804fa71339223fad31387db92596ae1245763cd2d7c93f',
    images: {
      containerd: {
        A: '87151b1dd8c81aa95c4d146812f8fdc4c0e42abb2c7c6d7996e48221b1e9ebd3',
        B: '615e534ba2c027dbc73a18d5e106538dd50b0b732c4dd9e0e856a732cb1ecb0f',
        C: '615e534ba2c027dbc73a18d5e106538dd50b0b732c4dd9e0e856a732cb1ecb0f',
        '1.8.6': '87151b1dd8c81aa95c4d146812f8fdc4c0e42abb2c7c6d7996e48221b1e9ebd3',
      },
      'containerd-tar-index': {
        A: 'd0a1caa7ae6489f781701265199539d6af2002555d0a90ddb3f5422c9a306419',
        B: '5e8a63b1601dbf9af1d95bb68764ccbad0f16322635fec2db2f597700405d958',
        C: '5e8a63b1601dbf9af1d95bb68764ccbad0f16322635fec2db2f597700405d958',
        '1.8.6': '0015ad9968fd331361a02c224f83cc1de3f874a40537436286c4dac21e5daab9',
      },
    },
    blob: [
      'H4sIAAAAAAAAA+3YwWqDQBAGYM99Cp9AZ2Znd7wEeuwxr2BRglDbErXk8esGSjBJQ3vYXcH5LoIIM7j+7ugwfWEWGACwWOuP',
      '3vVxhhmyJRYBPp93jlyWQ+jGvGkY6+NcMkatFQq++GrVhkP4GnPA6Z/5N0Y0/zFQ6gZUUmP/WYau4QMuIg/yDzf7P3KW29CN',
      'eRvPf1EW5fO+Pr20ddMew9T4Zd0v60+0eBYAgWB+/5/CtLO08fXHKp+6ZkfIwpVx7J5Sd6Rieu0OXRO4hg+1Y77knhCsezT/',
      'CaDV+S8Gk7oBldTHW+j038n/ne+/xf4/X200/1Fw6gZUUquY/w3fzP9IOv/HQFXej13f7lB+7n+BZNg60S+BDXgfwtf4y/5/',
      '/f+XUff/GKL8Y1NKKaWUUkqtwjccC/agACgAAA==',
    ].join(''),
  },
  {
    name: 'xattrs',
    digest: 'sha256:ba82abf687208d885ce4687fa26d57c54f2c6e0b46ffbb29511c607ec5411935',
    images: {
      containerd: {
        A: '0e3b3fcbc1c7d6956d74bd4aafd48bcce5136f026c928b5095f6c66cab04a718',
        B: '0e3b3fcbc1c7d6956d74bd4aafd48bcce5136f026c928b5095f6c66cab04a718',
        C: '8422fca0038c68ffc4c7fdb1513f85182b0266c3b8c5df5f5c1edb0bdcd56457',
        '1.8.6': '0e3b3fcbc1c7d6956d74bd4aafd48bcce5136f026c928b5095f6c66cab04a718',
      },
      'containerd-tar-index': {
        A: '804dedcc21f21cc470a5b6a8940c04f74acde6e49e200cdf44f028300eea9a19',
        B: '804dedcc21f21cc470a5b6a8940c04f74acde6e49e200cdf44f028300eea9a19',
        C: '47645e8fcabf1540b089d7b8c8e441ab67bf02ba192740c5acb35f4fd8b1adae',
        '1.8.6': '2b0f956350cda36f42abe37e5553afaf25e54d3ba877f6d2cab7aa7cce1d1eac',
      },
    },
    blob: XATTRS,
  },
  {
    // Attributes of names without an index, such as `btrfs.compression`, which 1.8.6 omits, and one of nearly a
    // block: up to 1.8.5 the inodes have other places then.
    name: 'prefixes',
    digest: 'sha256:540a285fdd62b60db9d833820a19d4b1d760cad6ac19b7fbb59380d5705114ac',
    images: {
      containerd: {
        A: 'cf537b1f1858b4cef09d2ef63d2849d385ca0db1e7356ee45086dda73451769f',
        B: 'cf537b1f1858b4cef09d2ef63d2849d385ca0db1e7356ee45086dda73451769f',
        C: 'cb7c5cf6263b94df00a61af5e2af22267c8323b50a1b34ccc602dcbe323b550c',
        '1.8.6': 'd8fc45856fb3e38449dbc4604a6fb3bdd85562a4fdbf840b802c0b67cc15bc4e',
      },
      'containerd-tar-index': {
        A: '3d0eaea412ae87c6b0ba19efa9ac4ed52c73e3c746f861885d73430a51dc6396',
        B: '3d0eaea412ae87c6b0ba19efa9ac4ed52c73e3c746f861885d73430a51dc6396',
        C: '8c06265b679d6786d8fdb956985bc722b0ae37b748fd411f5c9877c9d1c0c92d',
        '1.8.6': '8fdd37b4f2407b7ebd5ff1254aa3b1d00b9d7972d60f455f13ebe259564b734b',
      },
    },
    blob: [
      'H4sIAAAAAAAC/+3au26DMBQGYOY8RZ7AHBvbpANSpapSK3Xr1BESV4maArKdhvTpK7I0gV6GlkuS/1uIkiFC5pwffGAhC69vK29ytyryoBNERF',
      'rK/ZGImkciGX9+rr/nXFMcTKugBxvnUxsQ/cdJHp7ciYiupo83d/cPT6xKvbdsXryytCzXhpW2eDN5ms9NwicBnCfj52HX/1HXQ6zU9/VPFHCp',
      'hIxjkvv6JxIimCrUf+cY+j/6/0H/z7x9dnUKlNa4+pJI3p1foP+fc/8vctN5//+x/kk2+78SFEwJ9d+5Ijco7gs2ivzX7fznHPnfS/7Tcf5vnL',
      'HsxZQ+2Rk3Eer418IvjU3yAi3jnPLfb4vR5b9C/vfCb1HMyP+B8z/S7ed/hfwfPv9RHxeR/0trutwB+D3/dSP/OSH/e8r/eu1R58j/4fI/jrRq',
      '5b/A838/+T8TjQmAtxvnzYKlSQUAAAAAAABwwrDddbj9YUf5/q8mvP/b1/pnqzwc2frrCOvf6/q75ZDzn+b6c64izH8uZf7PhWzP/yPs//dhJr',
      '+Y/2fJ7g9we3Vi93/rVTa6/Bca+Q8AAAAAAAAAAADwFx9ZrdiZAFAAAA==',
    ].join(''),
  },
];
